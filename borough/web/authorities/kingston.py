from borough.web.authorities import Authority

AUTHORITY = Authority(
    code="kingston",
    name="Kingston Council",
    gss_code="E09000021",
    council_services=("community_aid", "social_prescribing"),
    adapters={"messages": "borough.adapters.smtp_messages.SmtpMessages"},
    brand_colour="#1f4e79",
    link_colour="#1f4e79",
    # A number for drama, not the council's: replace it before going live.
    phone="020 7946 0021",
    email="help@kingston.example",
)
