"""The people of the load: each a thread with a browser of a few lines, who pauses as people do."""

import http.client
import queue
import random
import re
import threading
import time
from collections import Counter, defaultdict
from statistics import median
from typing import Any
from urllib.parse import urlencode, urlsplit

from borough.common import clock

# Seconds between two clicks, drawn evenly: a coordinator reads a page, a volunteer is on the way.
COORDINATOR_PAUSE = (6.0, 14.0)
VOLUNTEER_PAUSE = (2.0, 8.0)
ACCEPTS = 0.8
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class Browser:
    """Cookies, the token of the last form, and how long each page took. A page that was cut is opened once more."""

    def __init__(self, address: str, crowd: "Crowd") -> None:
        self.host, self.crowd = urlsplit(address).netloc, crowd
        self.cookies: dict[str, str] = {}
        self.text = ""
        self.token = ""

    def get(self, path: str, kind: str) -> int:
        for _ in range(2):
            status = self._ask("GET", path, "", kind)
            if status:
                return status
        return 0

    def post(self, path: str, kind: str, **fields: str) -> int:
        """The status, 0 when the answer was cut: then nobody knows whether it was done, as for a person."""
        body = urlencode({**fields, "csrfmiddlewaretoken": self.token})
        return self._ask("POST", path, body, kind)

    def forms_to(self, path: str) -> list[dict[str, str]]:
        """The hidden fields of each form on this page that is sent to the path."""
        forms = re.findall(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', self.text, re.DOTALL)
        return [dict(_HIDDEN.findall(inside)) for action, inside in forms if action == path]

    def _ask(self, method: str, path: str, body: str, kind: str) -> int:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        started = time.perf_counter()
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            connection.request(method, path, body=body or None, headers=headers)
            answer = connection.getresponse()
            self.text = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            self.crowd.count("cut")
            return 0
        finally:
            connection.close()
        for header in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = header.split(";")[0].partition("=")
            self.cookies[name] = value
        if found := _TOKEN.search(self.text):
            self.token = found[1]
        self.crowd.note(kind, time.perf_counter() - started, answer.status)
        self.location = answer.headers.get("Location", "")
        return answer.status


class Crowd:
    """Everybody, what they were told, and how long it took. `accepted` and `finished`: offers whose volunteer saw that
    the answer had arrived. `began`: what is older the demo made."""

    def __init__(self, address: str, sign_in_links: list[str], phones: list[str]) -> None:
        self.address, self.phones = address, phones
        self.sign_in_links = sign_in_links
        self.times: dict[str, list[float]] = defaultdict(list)
        self.counts: Counter[str] = Counter()
        self.accepted: set[str] = set()
        self.finished: set[str] = set()
        self.began = clock.now()
        self._links: dict[str, queue.Queue[tuple[str, str]]] = {phone: queue.Queue() for phone in phones}
        self._lock = threading.Lock()
        self._over = threading.Event()

    def live_for(self, seconds: float) -> None:
        """Everybody at once, for so long."""
        people = [
            threading.Thread(target=self._coordinate, args=[link, n]) for n, link in enumerate(self.sign_in_links)
        ]
        people += [threading.Thread(target=self._volunteer, args=[phone, n]) for n, phone in enumerate(self.phones)]
        people += [threading.Thread(target=self._carry_messages), threading.Thread(target=self._measure_peer)]
        for person in people:
            person.start()
        self._over.wait(seconds)
        self._over.set()
        for person in people:
            person.join()

    def note(self, kind: str, seconds: float, status: int) -> None:
        with self._lock:
            self.times[kind].append(seconds)
            self.counts["refused, with words" if status in (404, 409) else f"{status // 100}xx"] += 1

    def count(self, what: str) -> None:
        with self._lock:
            self.counts[what] += 1

    def report(self) -> None:
        pages = sorted(one for kind, each in self.times.items() if kind != "health" for one in each)
        lines = [("all pages", pages), *sorted(self.times.items())]
        print(f"  {'page':<28}{'times':>8}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'most ms':>9}")
        for kind, each in lines:
            ordered = sorted(each)
            at = [ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.95, 0.99)]
            figures = "".join(f"{one * 1000:>9.0f}" for one in (median(ordered), *at, ordered[-1]))
            print(f"  {kind:<28}{len(each):>8}{figures}")
        print("  answers: " + ", ".join(f"{count:,} {what}" for what, count in sorted(self.counts.items())))
        print(f"  {len(self.accepted):,} tasks accepted, {len(self.finished):,} reported done")

    def _pause(self, between: tuple[float, float], chance: random.Random) -> bool:
        """Wait as a person does; True when it is all over."""
        return self._over.wait(chance.uniform(*between))

    def _coordinate(self, link: str, number: int) -> None:
        chance, browser = random.Random(f"coordinator {number}"), Browser(self.address, self)
        if self._over.wait(chance.uniform(0, COORDINATOR_PAUSE[1])):
            return
        browser.get(link, "sign in")
        browser.get("/governance/purpose/", "choose a purpose")
        browser.post("/governance/purpose/", "choose a purpose", purpose="offer-help")
        while not self._pause(COORDINATOR_PAUSE, chance):
            browser.get("/cases/?show=unassigned", "queue")
            cases = re.findall(r'href="/cases/(C[0-9A-Z]+)/"', browser.text)
            if not cases:
                continue
            # Everybody takes from the top, as people do: so two often want the same.
            case = chance.choice(cases[:40])
            if self._pause(COORDINATOR_PAUSE, chance):
                return
            browser.get(f"/volunteers/cases/{case}/", "volunteers of a case")
            path = f"/volunteers/cases/{case}/offer/"
            choices = browser.forms_to(path)
            if choices and not self._pause(COORDINATOR_PAUSE, chance):
                browser.post(path, "ask a volunteer", **chance.choice(choices))

    def _volunteer(self, phone: str, number: int) -> None:
        chance = random.Random(f"volunteer {number}")
        while not self._over.is_set():
            try:
                offer, path = self._links[phone].get(timeout=1)
            except queue.Empty:
                continue
            browser = Browser(self.address, self)
            if self._pause(VOLUNTEER_PAUSE, chance) or browser.get(path, "offer") != 200:
                continue
            if self._pause(VOLUNTEER_PAUSE, chance):
                return
            yes = chance.random() < ACCEPTS
            status = browser.post(f"{path}answer/", "answer", answer="accept" if yes else "decline")
            if not yes or status != 302:
                continue
            self.accepted.add(offer)
            browser.get(path, "offer")
            browser.post(path, "prove", answer=phone[-4:])
            browser.get(path, "task")
            if self._pause(VOLUNTEER_PAUSE, chance):
                return
            if browser.post(f"{path}finish/", "report back") == 302:
                self.finished.add(offer)

    def _carry_messages(self) -> None:
        """The network: what the house wrote to a phone is on its screen within a second, at night too."""
        from django.db import connection

        from borough.messaging.models import Message
        from borough.volunteers.models import Offer
        from borough.volunteers.queries import offer_link

        seen: set[str] = set()
        while not self._over.wait(1):
            rows: Any = Offer.objects.filter(state="offered", volunteer__phone__in=self.phones).exclude(pk__in=seen)
            about = {f"offer:{offer.id}": offer for offer in rows.select_related("volunteer")}
            written = Message.objects.filter(about__in=list(about)).values_list("about", flat=True)
            for offer in (about[one] for one in written):
                if offer.id not in seen:
                    seen.add(offer.id)
                    self._links[offer.volunteer.phone].put((offer.id, urlsplit(offer_link(offer)).path))
        connection.close()

    def _measure_peer(self) -> None:
        browser = Browser(self.address, self)
        while not self._over.wait(0.5):
            browser.get("/health", "health")
