from borough.web.authorities import Authority

AUTHORITY = Authority(
    code="rehearsal",
    name="Alderbrook Council",
    gss_code="E09999999",
    council_services=("community_aid", "crisis_referral", "social_prescribing"),
    adapters={"messages": "borough.adapters.smtp_messages.SmtpMessages"},
    brand_colour="#00594c",
    link_colour="#00594c",
    phone="020 7946 0000",
    email="help@alderbrook.example",
    safeguarding_email="safeguarding@alderbrook.example",
)
