from django.urls import path

from borough.governance import views

app_name = "governance"
urlpatterns = [
    path("purpose/", views.purpose, name="purpose"),
    path("agreements/", views.agreements, name="agreements"),
    path("agreements/new/", views.draft, name="draft"),
    path("agreements/<slug:reference>/", views.agreement, name="agreement"),
    path("agreements/<slug:reference>/approve/", views.approve, name="approve"),
    path("agreements/<slug:reference>/revoke/", views.revoke, name="revoke"),
    path("ledger/", views.ledger, name="ledger"),
]
