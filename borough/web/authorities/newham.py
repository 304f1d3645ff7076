from borough.web.authorities import Authority

AUTHORITY = Authority(
    code="newham",
    name="Newham Council",
    gss_code="E09000025",
    council_services=("community_aid", "crisis_referral"),
    adapters={"messages": "borough.adapters.smtp_messages.SmtpMessages"},
    brand_colour="#5b2c86",
    link_colour="#5b2c86",
    # A number for drama, not the council's: replace it before going live.
    phone="020 7946 0025",
    email="help@newham.example",
)
