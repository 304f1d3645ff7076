from borough.web.authorities import Authority

AUTHORITY = Authority(
    code="waltham_forest",
    name="Waltham Forest Council",
    gss_code="E09000031",
    council_services=("community_aid",),
    adapters={"messages": "borough.adapters.smtp_messages.SmtpMessages"},
    brand_colour="#8a1538",
    link_colour="#8a1538",
    # A number for drama, not the council's: replace it before going live.
    phone="020 7946 0031",
    email="help@waltham-forest.example",
)
