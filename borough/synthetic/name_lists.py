"""Names by naming group: plain lists, the commoner first. Written for this project; no list of real people was used."""

# Forenames of people born before about 1970, and after: a name tells an age.
BRITISH_WOMEN_OLDER = """
Margaret Jean Mary Patricia Susan Christine Linda Barbara Maureen Sheila Joan Dorothy Janet Carol Ann Pauline Jacqueline Sandra Kathleen
Brenda Shirley Doreen Joyce Eileen Irene Sylvia June Valerie Marion Beryl Audrey Rita Gillian Judith Marjorie Hilda Edna Elsie Vera Gladys
Winifred Ivy Lilian Phyllis Muriel Freda Nora Elizabeth Jennifer Diane Lesley Denise Lorraine Beverley Wendy Hazel Josephine Rosemary Heather
Yvonne Geraldine Teresa Veronica Marilyn Daphne Constance Olive Ethel Mavis Betty Peggy Thelma Stella Glenys Sally Jane Anne Frances Bridget
""".split()
BRITISH_MEN_OLDER = """
John David Michael Peter Robert Alan Brian William James Anthony Kenneth Ronald Derek Roy George Raymond Dennis Colin Keith Terence Malcolm
Barry Roger Graham Geoffrey Thomas Norman Frank Gordon Trevor Leslie Eric Arthur Harold Stanley Frederick Albert Ernest Leonard Douglas Philip
Richard Stephen Christopher Paul Andrew Ian Kevin Martin Nigel Gerald Clive Victor Edward Charles Patrick Joseph Donald Maurice Bernard Cyril
Sidney Walter Reginald Herbert Alfred Desmond Edwin Francis Laurence Neville Percy Horace Cecil Wilfred Stuart Hugh Duncan Gareth
""".split()
BRITISH_WOMEN_YOUNGER = """
Emma Sarah Laura Rebecca Charlotte Olivia Amelia Emily Jessica Sophie Chloe Lucy Hannah Rachel Katie Lauren Grace Ella Isabella Mia Ava Lily
Freya Isla Poppy Daisy Evie Ruby Florence Rosie Phoebe Alice Molly Megan Bethany Natalie Victoria Nicola Claire Louise Helen Joanne Samantha
Amy Kelly Stacey Zoe Gemma Danielle Leanne Kirsty Abigail Georgia Holly Imogen Matilda Harriet Eliza Elsie Willow Ivy Eleanor Martha Beatrice
Alexandra Catherine Anna Naomi Jade Paige Shannon Kimberley Tamsin Bryony Esme Maisie Penelope Erin Niamh Orla Aoife Siobhan Caitlin Rhiannon
""".split()
BRITISH_MEN_YOUNGER = """
James Daniel Matthew Thomas Joshua Jack Oliver Harry George Charlie William Samuel Benjamin Joseph Luke Adam Ryan Alexander Lewis Callum
Connor Liam Nathan Jake Jamie Max Leo Oscar Alfie Archie Freddie Theo Henry Edward Arthur Noah Jacob Lucas Ethan Logan Mason Toby Finley
Sebastian Louis Isaac Dylan Tyler Christopher Simon Mark Gary Lee Darren Jason Craig Neil Stuart Dean Carl Wayne Shaun Scott Ross Rhys Owen
Euan Fraser Angus Hamish Declan Sean Ciaran Aidan Rory Elliot Hugo Felix Jasper Reuben Zachary Harvey Bradley Kieran Aaron Ashley Dominic
""".split()
BRITISH_SURNAMES = """
Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Roberts Green Hall Wood Jackson Clarke
Clark Harris Lewis Martin Cooper King Turner Hill Ward Morris Moore Lee Watson Baker Harrison Morgan Patterson Young Allen Mitchell Anderson
Phillips James Campbell Bell Kelly Carter Parker Bennett Collins Cook Shaw Murphy Miller Cox Richardson Marshall Simpson Price Edwards Adams
Gray Webb Rogers Hughes Griffiths Foster Mason Hunt Stevens Butler Palmer Mills Barnes Knight Fisher Lloyd Holmes Powell Matthews Owen Russell
Barker Chapman Dixon Harvey Reid Graham Ellis Fox Saunders Reynolds Gibson Gordon Stewart Murray Burton Hart Spencer Payne Pearson Lawrence
Andrews Walsh Atkinson Armstrong Ford Brooks Rose Elliott Cole Newman Burns Warren Grant Hamilton Dunn Perry Wallace Riley Hawkins Lane Lawson
Bradley Hudson Watts Carr Cunningham Robertson Black Stone Webster Nicholson Porter Harding Johnston Freeman May Coleman Arnold Francis Day
Bishop Bird Wheeler Hopkins Parsons Austin Franklin Peters Jenkins Cross Gilbert Hayes Gardner Osborne Field Potter Fletcher Barrett Ryan
Greenwood Higgins Doyle Byrne Quinn Kennedy Burke Gallagher Doherty Lynch Brennan Flynn Sullivan Connolly Nolan Power Casey Daly Fitzgerald
Bates Long Simmons Norris Frost Goodwin Bull Tucker Whitehead Woods Chambers Sharp Gill Baldwin Yates Goddard Holt Rowe Bond Swift Marsh Nash
Winter Summers Hardy Dawson Sutton Weaver Cannon Drake Stokes Pike Rhodes Farmer Blake Page Steele Dale Finch Vaughan Maxwell Barton Garner
Hobbs Kemp Lowe Moss Norton Pugh Skinner Tyler Underwood Vincent Whittaker Abbott Beckett Cartwright Dutton Emery Fenton Gale Hewitt Ingram
Jarvis Kerr Lamb Merritt Neal Oakley Prior Quick Rayner Sawyer Thorne Upton Venables Wickham Yardley Ashworth Birch Crowther Dobson Entwistle
Fairclough Garside Hargreaves Illingworth Jessop Kershaw Longbottom Metcalfe Naylor Openshaw Pickering Ramsbottom Sugden Tattersall Unsworth
""".split()
CARIBBEAN_WOMEN = """
Marcia Beverley Sonia Yvonne Claudette Hyacinth Merlene Ionie Paulette Sharon Donna Michelle Natasha Tanya Shanice Keisha Aaliyah Destiny
Gloria Pearl Veronica Icilda Verona Jennifer Angela Joy Patrice Simone Chantelle Jasmine Kiara Renee Zara Alesha Leona Naomi Ebony Monique
""".split()
CARIBBEAN_MEN = """
Winston Delroy Errol Leroy Trevor Clive Lloyd Desmond Neville Carlton Glenroy Everton Marlon Jermaine Dwayne Tyrone Andre Jerome Kieron
Malachi Isaiah Jayden Tyrell Rohan Nathaniel Marcus Curtis Dexter Horace Cuthbert Alphonso Rupert Elijah Xavier Kymani Reuben Aaron Darnell
""".split()
CARIBBEAN_SURNAMES = """
Campbell Brown Williams Francis Grant Johnson Clarke Morgan Bailey Gordon Reid Lewis Henry Morris Powell Thompson Samuels McKenzie Barrett
Blackwood Charles Joseph Alexander Lawrence Pinnock Dacosta Bennett Facey Gayle Hylton Irving Jarrett Kerr Levy Malcolm Nembhard Palmer Roach
St-Louis Thomas Wray Wynter Chambers Whyte Dixon Edwards Farquharson Graham Hinds Lindo Marshall Plummer Richards Simms Walters Ebanks
""".split()
SOMALI_WOMEN = """
Fadumo Amina Halima Khadija Asha Hodan Ifrah Sahra Maryan Nimco Hibo Zahra Faiza Idil Ayaan Deeqa Safiya Ubah Fowsia Hawa Sagal Naima Rahma
Ladan Sucdi Muna Kaltun Filsan Hamdi Yasmin Samira Anisa Bilan Ruqiya Habiba Istahil Shukri Nasra Leyla Hinda
""".split()
SOMALI_MEN = """
Mohamed Abdi Ahmed Ali Hassan Yusuf Omar Ibrahim Abdullahi Abdirahman Ismail Mahad Liban Guled Warsame Farah Jama Bashir Said Mustafa
Abdikarim Abdinasir Abdiqani Bile Dahir Daud Hussein Idris Khalid Mahamud Nur Osman Sharif Suleiman Zakariya Ayanle Cabdi Faisal Hamza Ilyas
""".split()
SOMALI_LAST = """
Ali Mohamed Hassan Ahmed Abdi Omar Hussein Farah Jama Warsame Yusuf Ibrahim Ismail Osman Nur Aden Abdullahi Adan Hersi Duale Gedi Elmi Samatar
Mohamud Abukar Sheikh Egal Roble Guled Dirie Hirsi Barre Shire Awale Isse Diriye Musse Abshir Geedi Haji
""".split()
ARABIC_WOMEN = """
Fatima Aisha Mariam Zainab Noor Layla Huda Salma Samira Rania Hanan Nadia Amal Iman Khadija Yasmin Rasha Dina Suad Ibtisam Sawsan Lina Reem
Hala Najwa Basma Dalal Ghada Hiba Inas Jamila Karima Lubna Maha Nawal Rabia Sana Wafa Zahra Asma
""".split()
ARABIC_MEN = """
Mohammed Ahmed Ali Hassan Hussein Omar Khaled Youssef Ibrahim Mahmoud Mustafa Abdullah Abdelrahman Tariq Samir Karim Bilal Hamza Anas Ziad
Faisal Nasser Walid Jamal Rashid Sami Adel Amir Bassam Fadi Ghassan Haitham Imad Jawad Laith Munir Nabil Osama Rami Salim
""".split()
ARABIC_SURNAMES = """
Al-Hassan Al-Sayed Hassan Hussein Ibrahim Mansour Khalil Saleh Haddad Nasser Al-Masri Al-Rashid Darwish Aziz Hamdan Khoury Benali Bouzid
Cherif Mahmoud El-Amin El-Sherif Farouk Ghanem Habib Jaber Kassem Lahlou Mourad Najjar Othman Qasim Rahal Sabbagh Tahir Younis Zaki Al-Jaziri
Al-Tamimi Bensalem Idrissi Alaoui Saidi Abbas Salem
""".split()
BENGALI_WOMEN = """
Fatema Ayesha Nasrin Shirin Rehana Salma Rumana Taslima Sultana Farzana Nazma Rokeya Shahida Jahanara Monwara Hasina Khaleda Nusrat Tahmina
Sabina Lipi Ruksana Mahfuza Jannat Anika Sadia Maliha Tania Afroza Momtaz Parvin Rabeya Selina Shamima Yasmin Zohra
""".split()
BENGALI_MEN = """
Mohammed Abdul Shah Kamal Jamal Rahim Karim Faruk Anwar Nazrul Shafiq Habib Monir Aminul Rafiqul Shahin Jahangir Alamgir Mizanur Ashraful
Tariqul Imran Rezaul Saiful Badrul Zahid Masud Khalil Nurul Siraj Tofayel Mahbub Arif Rakib Sajid Tanvir Iqbal Hasan Fahim Zubair
""".split()
BENGALI_SURNAMES = """
Rahman Islam Ahmed Uddin Miah Ali Hussain Khan Chowdhury Haque Hoque Alam Choudhury Kabir Karim Khatun Begum Akter Sarkar Talukder Bhuiyan
Molla Sheikh Mahmud Siddique Latif Malik Mannan Matin Quddus Razzak Salam Shahid Sikder Sultan Hasan Hossain Azad Barua Das Dey Roy Sen
""".split()
PAKISTANI_WOMEN = """
Saima Aisha Fatima Nadia Shazia Samina Rubina Bushra Farah Sadia Uzma Asma Rabia Tahira Naila Shabana Nasreen Zara Hina Iqra Maryam Kiran
Sana Mehwish Amna Zainab Yasmin Rukhsana Parveen Kausar Noreen Robina Shaheen Tasneem Ghazala Humaira
""".split()
PAKISTANI_MEN = """
Muhammad Imran Asif Tariq Nadeem Shahid Khalid Javed Rashid Zahid Bilal Usman Hamza Adnan Faisal Kashif Amir Waqas Sajid Arshad Naveed Saleem
Iqbal Akhtar Pervez Ejaz Zubair Ibrahim Yusuf Haris Omar Daniyal Rizwan Shabir Ghulam Waseem Aftab
""".split()
PAKISTANI_SURNAMES = """
Khan Hussain Ahmed Ali Malik Iqbal Mahmood Akhtar Shah Butt Mirza Chaudhry Sheikh Qureshi Bhatti Raja Aslam Rashid Hassan Siddiqui Anwar
Rafiq Javed Nawaz Bibi Kausar Latif Mughal Ashraf Saleem Yousaf Zaman Awan Ansari Baig Dar Gill Hashmi Khalid Naqvi
""".split()
INDIAN_WOMEN = """
Priya Anita Sunita Meena Kavita Neha Pooja Sushila Nisha Rekha Geeta Asha Lata Shanti Usha Jyoti Manjit Harpreet Gurpreet Kamaljit Simran
Deepa Hansa Jayshree Kalpana Madhu Nalini Pushpa Ranjan Savita Sarita Bhavna Divya Anjali Riya Aarti Diya Heena Ila Kiran
""".split()
INDIAN_MEN = """
Rajesh Sanjay Anil Sunil Vijay Ramesh Suresh Mukesh Dinesh Ashok Kishan Harish Jagdish Bharat Mahesh Nilesh Hitesh Amit Rahul Rohan Arjun
Harjit Gurdeep Manjit Balwinder Jaspal Kuldeep Sukhdev Ranjit Paramjit Karan Dev Jay Kunal Nikhil Pravin Ravi Shyam Tushar Yash
""".split()
INDIAN_SURNAMES = """
Patel Shah Singh Kaur Sharma Mehta Desai Joshi Mistry Parmar Chauhan Solanki Gandhi Amin Bhatt Dhillon Gill Sandhu Sidhu Grewal Bains Johal
Kumar Gupta Verma Kapoor Malhotra Chopra Khanna Bhatia Reddy Rao Nair Menon Pillai Iyer Raja Thakkar Vyas Trivedi Lakhani Modi
""".split()
POLISH_WOMEN = """
Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Krystyna Magdalena Elżbieta Joanna Aleksandra Zofia Monika Teresa Natalia Julia
Karolina Marta Beata Dorota Janina Jadwiga Halina Irena Paulina Justyna Weronika Wiktoria Alicja Oliwia Hanna Maja Zuzanna Lena
""".split()
POLISH_MEN = """
Piotr Krzysztof Andrzej Tomasz Jan Paweł Michał Marcin Stanisław Jakub Adam Marek Łukasz Grzegorz Mateusz Wojciech Mariusz Dariusz Zbigniew
Jerzy Maciej Rafał Robert Kamil Józef Dawid Szymon Tadeusz Kacper Bartosz Jarosław Sławomir Mirosław Filip Antoni Franciszek
""".split()
POLISH_SURNAMES = """
Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski Jankowski Mazur Kwiatkowski
Krawczyk Kaczmarek Piotrowski Grabowski Zając Pawłowski Michalski Król Wieczorek Jabłoński Wróbel Nowakowski Majewski Olszewski Stępień
Malinowski Jaworski Adamczyk Dudek Górski Nowicki Pawlak Witkowski Walczak Sikora Rutkowski Baran Michalak Szewczyk Ostrowski Tomaszewski
""".split()
TURKISH_WOMEN = """
Fatma Ayşe Emine Hatice Zeynep Elif Meryem Şerife Zehra Sultan Hanife Merve Havva Zeliha Esra Hacer Yasemin Hüsniye Kübra Özlem Gülsüm
Songül Büşra Derya Sevgi Tuğba Çiğdem Gamze İrem Defne Ebru Pınar Dilek Nurcan Aylin Sibel
""".split()
TURKISH_MEN = """
Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim İsmail Osman Yusuf Murat Ömer Ramazan Halil Süleyman Abdullah Mahmut Recep Salih Fatih Kadir
Emre Hakan Adem Kemal Yaşar Bekir Musa Metin Orhan Serkan Burak Furkan Gökhan Uğur Cem Deniz Çağlar Şahin Volkan
""".split()
TURKISH_SURNAMES = """
Yılmaz Kaya Demir Çelik Şahin Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin Kara Koç Kurt Özkan Şimşek Polat Korkmaz
Çakır Erdoğan Özer Güneş Aksoy Bulut Tekin Keskin Ünal Turan Gül Özcan Avcı Işık Taş Yavuz Acar Bozkurt Güler Karaca Sarı Tunç
""".split()
SPANISH_WOMEN = """
María Carmen Ana Isabel Laura Cristina Marta Lucía Paula Elena Sara Rosa Patricia Sofía Daniela Valentina Camila Gabriela Andrea Natalia
Claudia Beatriz Silvia Pilar Mercedes Luz Gloria Adriana Paola Alejandra Juana Teresa Marisol Verónica Mónica Inés
""".split()
SPANISH_MEN = """
José Antonio Manuel Francisco Juan David Javier Daniel Carlos Jesús Alejandro Miguel Rafael Pedro Pablo Ángel Sergio Fernando Jorge Luis
Alberto Diego Andrés Álvaro Mateo Santiago Ricardo Eduardo Óscar Raúl Héctor Hugo Martín Felipe Iván Rubén
""".split()
SPANISH_SURNAMES = """
García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Hernández Ruiz Díaz Moreno Muñoz Álvarez Romero Gutiérrez
Navarro Torres Domínguez Ramos Vázquez Ramírez Gil Serrano Morales Molina Suárez Castro Ortega Delgado Ortiz Marín Rubio Núñez Medina Castillo
Cortés Rojas Vargas Quispe Cárdenas Restrepo Zapata
""".split()
PORTUGUESE_WOMEN = """
Maria Ana Joana Catarina Inês Sofia Marta Beatriz Rita Carla Sandra Paula Cristina Fernanda Luísa Teresa Mariana Leonor Matilde Carolina
Helena Isabel Filipa Patrícia Vera Sónia Susana Lurdes Fátima Conceição
""".split()
PORTUGUESE_MEN = """
José João António Manuel Francisco Carlos Luís Pedro Paulo Rui Miguel Tiago Nuno Bruno Ricardo Jorge Fernando André Diogo Gonçalo Hugo
Marco Vítor Sérgio Rafael Duarte Tomás Martim Rodrigo Álvaro
""".split()
PORTUGUESE_SURNAMES = """
Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Sousa Fernandes Gonçalves Gomes Lopes Marques Alves Almeida Ribeiro Pinto
Carvalho Teixeira Moreira Correia Mendes Nunes Soares Vieira Monteiro Cardoso Rocha Neves Coelho Cruz Cunha Pires Ramos Reis Simões Antunes
""".split()
CHINESE_WOMEN = """
Xiao-Ling Mei-Ling Li-Na Xiu-Ying Yan Fang Jing Li Min Hui Mei-Hua Siu-Ling Wai-Yee Ka-Man Yuk-Lan Suk-Yee Ching-Yee Hoi-Yan Wing-Yan Lai-Kuen
Yu-Ting Xin-Yi Zi-Han Si-Yu Jia-Yi Yi-Chen Xue Qian Na Ping
""".split()
CHINESE_MEN = """
Wei Jian-Guo Zhi-Qiang Ming Jun Hai-Tao Xiao-Ming Guo-Hua Wen-Jie Zi-Xuan Ka-Ming Chi-Wai Kwok-Wai Wing-Fai Man-Kit Siu-Ming Tsz-Hin Ho-Yin
Kin-Man Chun-Yu Yi-Fan Hao-Ran Yu-Chen Jia-Hao Tian Lei Bo Qiang Gang Feng
""".split()
CHINESE_SURNAMES = """
Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo Zheng Liang Xie Tang Song Deng Feng Cao Peng Zeng Xiao Tian
Dong Pan Yuan Cai Jiang Yu Du Ye Cheng Wei Su Lu Ding Ren Shen Yao
""".split()
YORUBA_WOMEN = """
Funmilayo Folasade Bukola Titilayo Yetunde Abimbola Omolara Adenike Bolanle Modupe Ronke Temitope Oluwaseun Ayomide Damilola Kehinde Taiwo
Morenike Olabisi Omotola Simisola Tolulope Wuraola Adesuwa Bisi Busola Iyabo Kemi Lola Sade Tope Yewande Morayo Ireti
""".split()
YORUBA_MEN = """
Oluwaseun Adebayo Olumide Babatunde Ayodele Adewale Olusegun Kayode Gbenga Femi Tunde Oladipo Olufemi Rotimi Segun Taiwo Kehinde Temitope
Damilola Ayomide Abiodun Adekunle Akinola Bolaji Dare Folarin Idowu Jide Kolawole Lanre Muyiwa Niyi Sola Wale Yomi Tobi
""".split()
YORUBA_SURNAMES = """
Adeyemi Adebayo Ogunleye Okafor Adeleke Balogun Ojo Afolabi Akinyemi Olawale Bello Adegoke Adewumi Ajayi Akande Alabi Ayodele Babatunde
Daramola Fashola Idowu Kolawole Lawal Odunsi Ogunbanjo Ogundipe Okoro Oladele Olaniyan Olatunji Oluwole Omotayo Oni Onifade Osinowo Oyelaran
Oyewole Salako Shittu Sowande Adeniyi Adesanya Aluko Fadipe
""".split()
AKAN_WOMEN = """
Abena Akosua Adwoa Ama Afia Yaa Esi Efua Akua Adjoa Comfort Mercy Grace Gifty Patience Charity Felicia Beatrice Esther Vida Joyce Mavis
Priscilla Dorcas Linda Naana Serwaa Nana Maame Araba
""".split()
AKAN_MEN = """
Kwame Kofi Kwaku Yaw Kojo Kwabena Kwasi Nana Emmanuel Samuel Isaac Ebenezer Daniel Joseph Stephen Francis Ernest Prince Felix Richmond
Bismark Gideon Nathaniel Ekow Fiifi Kobina Papa Osei Akwasi Yaw
""".split()
AKAN_SURNAMES = """
Mensah Owusu Boateng Asante Osei Appiah Agyeman Addo Amoah Ofori Acheampong Adjei Antwi Ansah Asamoah Asare Baah Badu Bonsu Danso Darko
Donkor Frimpong Gyamfi Kwarteng Nkrumah Nyarko Obeng Opoku Oppong Quaye Sarpong Tetteh Yeboah Quartey Lartey Amponsah Kyei
""".split()
ITALIAN_FRENCH_WOMEN = """
Giulia Francesca Chiara Sara Martina Valentina Elisa Federica Alessia Silvia Camille Marie Léa Manon Julie Sophie Claire Aurélie Céline
Émilie Margaux Inès Amélie Nathalie Isabelle Paola Laura Elena Giorgia Anaïs
""".split()
ITALIAN_FRENCH_MEN = """
Marco Andrea Luca Francesco Alessandro Matteo Giuseppe Giovanni Stefano Davide Pierre Jean Nicolas Antoine Julien Thomas Guillaume Mathieu
Clément Rémi François Étienne Vincent Paolo Roberto Simone Lorenzo Fabio Benoît Théo
""".split()
ITALIAN_FRENCH_SURNAMES = """
Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti Costa Giordano Mancini Rizzo Lombardi Moretti
Martin Bernard Dubois Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefebvre Michel Roux Fournier Girard Bonnet Dupont Lambert Rousseau
""".split()
