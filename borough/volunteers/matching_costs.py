"""What a matching weighs, in minutes: how the soft rules compare with a way of so many minutes. Pure."""

# Door to door, in a straight line: 80 metres a minute on foot is Transport for London's (Assessing transport
# connectivity in London, 2015); by bike and by car in a borough are our own assumptions. Ways are a third longer than
# the straight line, which is taken off here.
SPEED_KMH = {"walk": 3.6, "bike": 10.0, "car": 15.0}
# How far somebody goes who did not say, in km.
RADIUS_KM = {"walk": 2.0, "bike": 5.0, "car": 10.0}

# A task left without anybody costs more than any way there.
UNPLACED = {"urgent": 10_000.0, "soon": 5_000.0, "routine": 2_500.0}
# What each further task of a volunteer in a week adds.
LOAD_COSTS = 8.0
LANGUAGE_IS_WORTH = 15.0
# The volunteer helped this resident before, and the need was met.
TRUST_IS_WORTH = 20.0
# For a kind of task that they would rather not do, somebody is asked after all others who could; but asked, before a
# task stays without anybody.
RATHER_NOT_COSTS = 600.0
# The first task of somebody who was not asked for so many weeks, in equal steps until then; 8 also means never.
IDLE_IS_WORTH, IDLE_WEEKS = 24.0, 8
# A no, or no answer, costs the resident time until somebody else is asked; taken times the share of offers that a
# volunteer did not accept, where everybody starts as if they had said yes to two of three.
NO_COSTS = 90.0


def yes_share(accepted: int, asked: int) -> float:
    """How likely a volunteer says yes, from what they said before: two thirds for somebody new."""
    return (accepted + 2) / (asked + 3)


def slot_price(load: int, idle_weeks: int) -> float:
    """What one more task costs a volunteer who has `load` that week: more each time, least for who waits to be asked.

    Never below nothing, and never falling: the solver would fill a slot that pays by itself.
    """
    waited = IDLE_IS_WORTH * min(idle_weeks, IDLE_WEEKS) / IDLE_WEEKS if load == 0 else 0.0
    return IDLE_IS_WORTH + LOAD_COSTS * load - waited
