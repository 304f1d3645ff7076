from django.urls import path

from borough.accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/code/", views.second_factor, name="second_factor"),
    path("sign-in/password/", views.first_password, name="first_password"),
    path("sign-in/still/", views.still, name="still"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("account/", views.account, name="account"),
    path("account/password/", views.password, name="password"),
    path("account/sign-out/", views.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("account/typed/", views.typed, name="typed"),
    path("languages/", views.languages, name="languages"),
    path("rehearsal/<str:token>/", views.rehearsal_sign_in, name="rehearsal_sign_in"),
]
