from borough.web.authorities import Authority

AUTHORITY = Authority(
    code="camden",
    name="Camden Council",
    gss_code="E09000007",
    council_services=("community_aid",),
    adapters={"messages": "borough.adapters.smtp_messages.SmtpMessages"},
    brand_colour="#0d5c3f",
    link_colour="#0d5c3f",
    # A number for drama, not the council's: replace it before going live.
    phone="020 7946 0007",
    email="help@camden.example",
)
