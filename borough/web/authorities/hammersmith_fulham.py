from borough.web.authorities import Authority

AUTHORITY = Authority(
    code="hammersmith_fulham",
    name="Hammersmith & Fulham Council",
    gss_code="E09000013",
    council_services=("community_aid",),
    adapters={"messages": "borough.adapters.smtp_messages.SmtpMessages"},
    brand_colour="#1d5a8c",
    link_colour="#1d5a8c",
    # A number for drama, not the council's: replace it before going live.
    phone="020 7946 0013",
    email="help@hammersmith-fulham.example",
)
