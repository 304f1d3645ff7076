from django.urls import path

from borough.governance.transparency import views

app_name = "transparency"
urlpatterns = [
    path("", views.index, name="index"),
    path("purposes/<slug:code>/", views.purpose, name="purpose"),
    path("processing/", views.processing, name="processing"),
    path("register.json", views.register_json, name="register_json"),
    path("decisions/", views.rules, name="rules"),
    path("decisions/<slug:code>/", views.rule, name="rule"),
    path("decisions/<slug:code>.json", views.rule_json, name="rule_json"),
]
