from borough.insight.disclosure import size_words


def test_the_size_of_a_small_cohort_is_not_told():
    assert (size_words(0), size_words(9), size_words(10)) == ("fewer than 10", "fewer than 10", 10)
