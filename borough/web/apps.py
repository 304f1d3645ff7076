from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "borough.web"
    label = "web"

    def ready(self) -> None:
        from borough.web import checks, wiring  # noqa: F401

        wiring.connect()
