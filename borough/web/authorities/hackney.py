from borough.web.authorities import Authority

AUTHORITY = Authority(
    code="hackney",
    name="Hackney Council",
    gss_code="E09000012",
    council_services=("community_aid", "crisis_referral"),
    adapters={"messages": "borough.adapters.smtp_messages.SmtpMessages"},
    brand_colour="#00664f",
    link_colour="#00664f",
    # A number for drama, not the council's: replace it before going live.
    phone="020 7946 0012",
    email="help@hackney.example",
)
