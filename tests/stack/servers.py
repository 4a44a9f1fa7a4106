"""servers.py - a private XMPP server on loopback: Prosody or ejabberd.

Both serve "localhost" with the accounts they are given (password = name) and
listen for one component, the clinic. Neither talks to other servers.
"""
import os
import shutil
from pathlib import Path

from processes import StackError, port_answers, run

DOMAIN = "localhost"
CLINIC = "clinic.localhost"
DESK = "desk@clinic.localhost"
ROOMS = "rooms.localhost"


class Server:
    """What both have in common. A subclass says how to make() the files and
    start(); NAME names its log and its pid."""
    NAME = ""

    def __init__(self, programs, folder, options):
        """options: client_port, component_port, secret, accounts (a list),
        keep (for people: TLS too, and the desk in every contact list), hosts
        (more domains with their accounts: {"hosp.test": ["smith"]})."""
        self.programs = programs
        self.folder = Path(folder) / self.NAME
        self.options = options

    def wait(self):
        def answers():
            return (port_answers(self.options["client_port"])
                    and port_answers(self.options["component_port"])
                    and self.has_accounts())
        self.programs.ready(self.NAME, 40, "it answers", answers)

    def has_accounts(self):
        return True

    def hosts(self):
        """Every domain with its accounts."""
        return {DOMAIN: self.options["accounts"],
                **self.options.get("hosts", {})}

    def stop(self):
        self.programs.stop(self.NAME, limit_s=15)

    def certificate(self):
        """A self-signed certificate for localhost: its two files."""
        pair = self.folder / "localhost.crt", self.folder / "localhost.key"
        if not pair[0].exists():
            run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
                 "-days", "3650", "-subj", f"/CN={DOMAIN}", "-addext",
                 f"subjectAltName=DNS:{DOMAIN},DNS:{CLINIC},IP:127.0.0.1",
                 "-out", pair[0], "-keyout", pair[1]], 30)
        return pair


class Prosody(Server):
    """Accounts and contact lists are one small file each."""
    NAME = "prosody"

    def make(self):
        for domain, names in self.hosts().items():
            data = self.folder / "data" / domain.replace(".", "%2e")
            for part in ("accounts", "roster"):
                (data / part).mkdir(parents=True, exist_ok=True)
            for name in names:
                self.make_account(data, name)
        tls = ""
        if self.options["keep"]:
            crt, key = self.certificate()
            tls = f'ssl = {{ certificate = "{crt}"; key = "{key}" }}'
        config = PROSODY.format(
            folder=self.folder, tls=tls, is_root=str(os.geteuid() == 0).lower(),
            tls_module='"tls", ' if tls else "", domain=DOMAIN, clinic=CLINIC,
            rooms=ROOMS,
            more="".join(f'VirtualHost "{domain}"\n'
                         for domain in self.options.get("hosts", {})),
            **{name: self.options[name]
               for name in ("client_port", "component_port", "secret")})
        path = self.folder / "prosody.cfg.lua"
        path.touch(mode=0o600)
        path.write_text(config)

    def make_account(self, data, name):
        account = data / "accounts" / f"{name}.dat"
        if account.exists():
            return
        account.write_text(f'return {{ ["password"] = "{name}" }};\n')
        if self.options["keep"]:
            (data / "roster" / f"{name}.dat").write_text(ROSTER)

    def start(self):
        self.programs.start("prosody", ["prosody", "-F", "--config",
                                        str(self.folder / "prosody.cfg.lua")])


ROSTER = f"""return {{
	[false] = {{ version = 1; pending = {{}} }};
	["{DESK}"] = {{ name = "Clinic desk"; subscription = "both"; groups = {{}} }};
}};
"""

PROSODY = """-- Written by tests/stack/up.
daemonize = false
run_as_root = {is_root}
pidfile = "{folder}/prosody.pid"
data_path = "{folder}/data"
log = {{ {{ levels = {{ min = "info" }}, to = "console" }} }}
c2s_ports = {{ {client_port} }}
c2s_interfaces = {{ "127.0.0.1" }}
c2s_direct_tls_ports = {{}}
s2s_ports = {{}}
component_ports = {{ {component_port} }}
component_interfaces = {{ "127.0.0.1" }}
modules_enabled = {{
	"roster", "saslauth", {tls_module}"disco", "ping", "pep", "private", "carbons",
	"offline", "blocklist", "vcard4", "vcard_legacy", "smacks", "csi_simple",
	"bookmarks", "time", "version",
}}
modules_disabled = {{ "s2s" }}
authentication = "internal_plain"
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
limits = {{}}

VirtualHost "{domain}"
	{tls}
	disco_items = {{ {{ "{clinic}", "Clinic" }} }}

{more}
Component "{clinic}"
	component_secret = "{secret}"

Component "{rooms}" "muc"
"""


class Ejabberd(Server):
    """Accounts live in its own database and are added once it has started."""
    NAME = "ejabberd"

    def make(self):
        (self.folder / "db").mkdir(parents=True, exist_ok=True)
        certificate = ""
        if self.options["keep"]:
            both = self.folder / "localhost.pem"
            both.touch(mode=0o600)
            both.write_text("".join(path.read_text()
                                    for path in self.certificate()))
            certificate = f'certfiles: [ "{both}" ]'
        path = self.folder / "ejabberd.yml"
        path.touch(mode=0o600)
        path.write_text(EJABBERD.format(
            certificate=certificate, starttls=str(bool(certificate)).lower(),
            domains=", ".join(f'"{domain}"' for domain in self.hosts()),
            clinic=CLINIC, rooms=ROOMS,
            **{name: self.options[name]
               for name in ("client_port", "component_port", "secret")}))
        (self.folder / "accounts").unlink(missing_ok=True)

    def start(self):
        libraries = sorted(Path("/usr/lib").glob("*/ejabberd-*/ebin"))
        if not libraries or not shutil.which("erl"):
            raise StackError("ejabberd is not installed: make deps")
        names = ",".join(f'{{<<"{name}">>,<<"{domain}">>}}'
                         for domain, names in self.hosts().items()
                         for name in names)
        ready = self.folder / "accounts"
        register = (f'[ejabberd_auth:try_register(N, D, N)'
                    f' || {{N, D}} <- [{names}]],'
                    f' file:write_file("{ready}", <<"ready">>).')
        self.programs.start(
            "ejabberd",
            ["erl", "-noinput", "+sbwt", "none", "+S", "2:2",
             "-mnesia", "dir", f'"{self.folder}/db"',
             "-pa", str(libraries[-1]), "-s", "ejabberd", "-eval", register],
            env={"EJABBERD_CONFIG_PATH": str(self.folder / "ejabberd.yml"),
                 "EJABBERD_LOG_PATH": str(self.folder / "ejabberd.log"),
                 "SPOOL_DIR": str(self.folder / "db"), "ERL_INETRC": "",
                 "HOME": str(self.folder),
                 "ERL_CRASH_DUMP": str(self.folder / "crash.dump")},
            cwd=self.folder)

    def has_accounts(self):
        return (self.folder / "accounts").exists()


EJABBERD = """# Written by tests/stack/up.
loglevel: info
hosts: [ {domains} ]
{certificate}
auth_method: internal
disable_sasl_mechanisms: [ "digest-md5", "X-OAUTH2" ]
listen:
  -
    port: {client_port}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    max_stanza_size: 262144
    starttls: {starttls}
    access: all
  -
    port: {component_port}
    ip: "127.0.0.1"
    module: ejabberd_service
    max_stanza_size: 524288
    global_routes: false
    hosts:
      "{clinic}":
        password: "{secret}"
acl:
  local:
    user_regexp: ""
modules:
  mod_adhoc: {{}}
  mod_blocking: {{}}
  mod_caps: {{}}
  mod_carboncopy: {{}}
  mod_client_state: {{}}
  mod_disco:
    extra_domains: [ "{clinic}" ]
  mod_muc:
    hosts: [ "{rooms}" ]
  mod_offline: {{}}
  mod_ping: {{}}
  mod_privacy: {{}}
  mod_private: {{}}
  mod_pubsub:
    plugins: [ "flat", "pep" ]
  mod_roster: {{}}
  mod_stream_mgmt: {{}}
  mod_vcard: {{}}
  mod_version: {{}}
"""

KINDS = {"prosody": Prosody, "ejabberd": Ejabberd}
