"""meetings.py - what people do with their clients, step by step.

Each step is a check with a name. When one fails, the rest of its meeting is
not played: it would only fail for the same reason.
"""
from client import Failed
from house import CLINIC, DESK, DOCTOR_NAME, leaks

SAID_BY_PATIENT, SAID_BY_DOCTOR = "does the rash itch less", "it does, a little"
SEALED_BY_PATIENT = "may I stop the ointment"
SEALED_BY_DOCTOR = "not before friday"


class Meeting:
    """Named after its clients; kinds are their classes."""

    def __init__(self, name, *kinds):
        self.name = name
        self.kinds = kinds

    def play(self, house, report, work, number):
        """Opens the clients, plays the steps, and ends the clients. number:
        the house keeps people for each meeting."""
        clients = []

        def client(kind, role, account):
            folder = work / self.name.replace(" ", "-") / role
            clients.append(kind(house, account, f"dev{role}q7{number}",
                                folder))
            return clients[-1]

        try:
            self.steps(house, lambda what: report.check(
                f"{self.name}: {what}"), client, number)
            name = "end"
        except Exception:  # pylint: disable=broad-except # was reported
            name = "failed"
        for one in clients:
            try:
                one.picture(name)
            except Exception:  # pylint: disable=broad-except # it has ended
                pass
        for one in clients:
            one.stop()

    def steps(self, house, check, client, number):
        raise NotImplementedError


class Desk(Meeting):
    """Somebody new registers and books in sentences."""

    def __init__(self, kind):
        super().__init__(f"{kind.NAME} desk", kind)

    def steps(self, house, check, client, number):
        with check("logs in"):
            me = client(self.kinds[0], "patient", f"new{number + 1}@home.test")
            me.start()
        with check("registers with the desk"):
            me.open(DESK)
            me.say("hello")
            for question, answer in (
                    ("what is your full name?", "Nora Newman"),
                    ("Your date of birth?", "23 april 1990"),
                    ("Your phone number", "skip"),
                    ("Shall the clinic keep", "yes")):
                me.hear(question)
                me.say(answer)
            me.hear("You are registered")
        with check("books in a sentence"):
            me.say(f"book dr ruiz tomorrow {9 + number // 3}:"
                   f"{number % 3 * 20:02}")
            me.hear("Shall I book it?")
            me.say("yes")
            me.hear("Booked: ")
        if me.HAS_FORMS:
            with check("books in a form"):
                me.book(CLINIC, "Dermatology", "Dr. Ana Ruiz",
                        f"tomorrow {15 + number // 3 % 3}:"
                        f"{number % 3 * 20:02}")


class Pair(Meeting):
    """A patient and a doctor through the mirror."""

    def __init__(self, patient, doctor):
        super().__init__(f"{patient.NAME} {doctor.NAME}", patient, doctor)

    def steps(self, house, check, client, number):
        pair = house.pairs[number]
        with check("both log in"):
            patient = client(self.kinds[0], "patient", pair.patient)
            doctor = client(self.kinds[1], "doctor", pair.doctor)
            patient.start()
            doctor.start()
        with check("the doctor's name and presence in the contact list"):
            befriend(pair, patient, doctor)
        with check("chat both ways, with receipts"):
            patient.open(pair.doctor_shown)
            doctor.open(pair.patient_shown)
            talk(patient, doctor, SAID_BY_PATIENT)
            talk(doctor, patient, SAID_BY_DOCTOR)
            for who, text in ((patient, SAID_BY_PATIENT),
                              (doctor, SAID_BY_DOCTOR)):
                who.wait(f"saw that {text!r} was received",
                         lambda who=who, text=text: who.ticked(text))
        with check("OMEMO both ways"):
            patient.seal(pair.doctor_shown)
            talk(patient, doctor, SEALED_BY_PATIENT)
            doctor.seal(pair.patient_shown)
            talk(doctor, patient, SEALED_BY_DOCTOR)
        with check("both records say that it was encrypted"):
            for who in (patient, doctor):
                for text in (SEALED_BY_PATIENT, SEALED_BY_DOCTOR):
                    who.wait(f"had {text!r} as encrypted",
                             lambda who=who, text=text: who.sealed(text))
        with check("neither the server nor the clinic can read it"):
            nobody_reads(house, pair)
        with check("no word of the other's address in what came"):
            search(pair, patient, doctor)
        if patient.NAME == doctor.NAME:
            with check("the search finds an address that does come"):
                doctor.open(pair.patient)
                doctor.say("from my own account")
                patient.wait("received the doctor's own address", lambda: len(
                    leaks(patient.received(), pair.doctor,
                          doctor.resource)) >= 3)


class Call(Meeting):
    """A patient calls a doctor at the time of their video visit."""

    def __init__(self, kind):
        super().__init__(f"{kind.NAME} call", kind)

    def steps(self, house, check, client, number):
        pair = house.pairs[number]
        [kind] = self.kinds
        with check("both log in and see each other"):
            patient = client(kind, "patient", pair.patient)
            doctor = client(kind, "doctor", pair.doctor)
            patient.start(voice=500)
            doctor.start(voice=900)
            befriend(pair, patient, doctor)
            doctor.open(pair.patient_shown)
            patient.hear("Start call")
        with check("it rings, and the doctor answers"):
            patient.ui("click", "push button", "Start call")
            doctor.hear("Incoming call")
            doctor.picture("rings")
            doctor.ui("click", "push button", "Accept")
        with check("connected with DTLS-SRTP"):
            for who in (patient, doctor):
                who.wait("had an encrypted call", who.is_call_sealed)
        with check("each hears the other"):
            doctor.wait("heard the patient", lambda: doctor.hears(500, 900))
            patient.wait("heard the doctor", lambda: patient.hears(900, 500))
            patient.picture("talks")
        with check("hangs up"):
            patient.press("alt+F4")  # the call's window
            doctor.hear("Call ended")
        with check("the clinic has put the call down"):
            patient.wait("had its call put down", lambda: house.sql(f"""
                SELECT is_doctors, answered_at IS NOT NULL, ending
                FROM clinic.call JOIN clinic.person ON person.id = call.doctor
                JOIN clinic.appointment ON appointment.id = call.appointment
                WHERE jid = '{pair.doctor}';""") == "f|t|hung_up")
        with check("no word of the other's address in what came"):
            search(pair, patient, doctor)


def befriend(pair, patient, doctor):
    """The patient adds the doctor, who agrees; each sees the other."""
    patient.add(pair.doctor_shown)
    doctor.accept(pair.patient_shown)
    patient.wait(f"showed {DOCTOR_NAME} as online", lambda:
                 patient.sees_contact(pair.doctor_shown, DOCTOR_NAME))
    doctor.wait("showed Jane Doe as online", lambda:
                doctor.sees_contact(pair.patient_shown, "Jane Doe"))


def talk(speaker, listener, text):
    speaker.say(text)
    listener.hear(text)


def nobody_reads(house, pair):
    """What the clinic keeps, and what the server does."""
    kept = house.kept(pair)
    if kept != [SAID_BY_PATIENT, SAID_BY_DOCTOR, "(encrypted)", "(encrypted)"]:
        raise Failed(f"the clinic keeps {kept}")
    archived = house.archived(pair.patient, pair.doctor)
    if SAID_BY_PATIENT not in archived:
        raise Failed("the server's archive is not where it is looked for")
    for text in (SEALED_BY_PATIENT, SEALED_BY_DOCTOR):
        if text in archived:
            raise Failed(f"the server keeps {text!r}")


def search(pair, patient, doctor):
    """In every byte that either got. That they know their own address shows
    that there is something to search in."""
    for who, other in ((patient, doctor), (doctor, patient)):
        received = who.received()
        if len(leaks(received, who.account, who.resource)) < 3:
            raise Failed(f"what {who.account} received was not recorded")
        found = leaks(received, other.account, other.resource)
        if found:
            raise Failed(f"{who.account} received {found}")
