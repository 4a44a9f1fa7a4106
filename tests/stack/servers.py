"""servers.py - a private XMPP server on loopback: Prosody or ejabberd.

Both serve "localhost" with the accounts they are given (password = name) and
listen for one component, the clinic. A second one may be somebody's home: it
has no clinic, and the two talk to each other (s2s, proved by dialback). They
know each other's domains by a table and ask no DNS, so nothing leaves loopback.
"""
import os
import shutil
import signal
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

    def __init__(self, programs, folder, options, name=None):
        """options: client_port, component_port and secret (None and "": there
        is no clinic here), accounts (a list), keep (for people: TLS too, and
        the desk in every contact list), hosts (more domains with their
        accounts: {"hosp.test": ["smith"]}), server_port (for other servers;
        None: it talks to none), others (a server's domains, server_port),
        upload_port (it keeps files for its people: upload.home.test), real
        (Prosody: TLS, an archive, and on http_port a websocket)."""
        self.programs = programs
        self.name = name or self.NAME
        self.folder = Path(folder) / self.name
        self.options = options

    def wait(self):
        ports = [self.options[kind] for kind in ("client_port",
                                                 "component_port",
                                                 "server_port", "upload_port")
                 if self.options.get(kind)]

        def answers():
            return all(map(port_answers, ports)) and self.has_accounts()
        self.programs.ready(self.name, 40, "it answers", answers)

    def has_accounts(self):
        return True

    def hosts(self):
        """Every domain with its accounts."""
        own = {DOMAIN: self.options["accounts"]} if self.has_clinic else {}
        return {**own, **self.options.get("hosts", {})}

    @property
    def has_clinic(self):
        return bool(self.options["component_port"])

    @property
    def stanza_limit(self):
        """Of its people, in bytes: with one that is none of ours no bot can
        count on the usual one."""
        return 1 << (18 if self.has_clinic else 20)

    def domains(self):
        """What another server may ask it for."""
        return [*self.hosts(), *([CLINIC, ROOMS] if self.has_clinic else [])]

    def stop(self, how=signal.SIGTERM):
        self.programs.stop(self.name, how, limit_s=15)

    def certificate(self):
        """A self-signed certificate for every domain: its two files."""
        pair = self.folder / "localhost.crt", self.folder / "localhost.key"
        if not pair[0].exists():
            names = ",".join(f"DNS:{name}" for name in self.domains())
            run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
                 "-days", "3650", "-subj", f"/CN={DOMAIN}", "-addext",
                 f"subjectAltName={names},IP:127.0.0.1",
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
        tls = real = modules = ""
        if self.options.get("real"):
            real = PROSODY_REAL.format(port=self.options["http_port"],
                                       clinic=CLINIC)
            modules = ' "mam", "websocket",'
        if self.options["keep"] or real:
            crt, key = self.certificate()
            tls = f'ssl = {{ certificate = "{crt}"; key = "{key}" }}'
        config = PROSODY.format(
            folder=self.folder, is_root=str(os.geteuid() == 0).lower(),
            client_port=self.options["client_port"],
            stanza_limit=self.stanza_limit,
            tls_module='"tls", ' if tls else "", others=self.others(),
            modules=modules + (' "dialback", "loopback",'
                               if self.options.get("server_port") else ""),
            real=real,
            clinic=PROSODY_CLINIC.format(
                tls=tls, domain=DOMAIN, clinic=CLINIC, rooms=ROOMS,
                component_port=self.options["component_port"],
                secret=self.options["secret"]) if self.has_clinic else "",
            more="".join(f'VirtualHost "{domain}"\n\t{tls}\n'
                         for domain in self.options.get("hosts", {})),
            upload=self.upload())
        path = self.folder / "prosody.cfg.lua"
        path.touch(mode=0o600)
        path.write_text(config)

    def others(self):
        """How it talks to other servers."""
        if not self.options.get("server_port"):
            return 's2s_ports = {}\nmodules_disabled = { "s2s" }'
        domains, port = self.options["others"]
        return PROSODY_OTHERS.format(
            port=self.options["server_port"], plugins=Path(__file__).parent,
            places=" ".join(f'["{domain}"] = {port};' for domain in domains))

    def upload(self):
        """Where its people's files are."""
        port = self.options.get("upload_port")
        return PROSODY_UPLOAD.format(
            port=port, domain=next(iter(self.hosts()))) if port else ""

    def make_account(self, data, name):
        account = data / "accounts" / f"{name}.dat"
        if account.exists():
            return
        account.write_text(f'return {{ ["password"] = "{name}" }};\n')
        if self.options["keep"]:
            (data / "roster" / f"{name}.dat").write_text(ROSTER)

    def start(self):
        self.programs.start(self.name, ["prosody", "-F", "--config",
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
c2s_stanza_size_limit = {stanza_limit}
modules_enabled = {{
	"roster", "saslauth", {tls_module}"disco", "ping", "pep", "private", "carbons",
	"offline", "blocklist", "vcard4", "vcard_legacy", "smacks", "csi_simple",
	"bookmarks", "time", "version",{modules}
}}
{others}
authentication = "internal_plain"
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
limits = {{}}
{upload}{real}{clinic}
{more}"""

PROSODY_CLINIC = """component_ports = {{ {component_port} }}
component_interfaces = {{ "127.0.0.1" }}

VirtualHost "{domain}"
	{tls}
	disco_items = {{ {{ "{clinic}", "Clinic" }} }}

Component "{clinic}"
	component_secret = "{secret}"

Component "{rooms}" "muc"

"""

PROSODY_OTHERS = """s2s_ports = {{ {port} }}
s2s_interfaces = {{ "127.0.0.1" }}
s2s_direct_tls_ports = {{}}
s2s_require_encryption = false
plugin_paths = {{ "{plugins}" }}
loopback_domains = {{ {places} }}"""

PROSODY_REAL = """archive_expires_after = "never"
http_ports = {{ {port} }}
http_interfaces = {{ "127.0.0.1" }}
http_default_host = "localhost"
https_ports = {{}}
consider_websocket_secure = true
disco_items = {{ {{ "{clinic}", "Clinic" }} }}

"""

PROSODY_UPLOAD = """http_ports = {{ {port} }}
http_interfaces = {{ "127.0.0.1" }}
https_ports = {{}}

Component "upload.{domain}" "http_file_share"
	http_host = "127.0.0.1"
	http_external_url = "http://127.0.0.1:{port}/"
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
            client_port=self.options["client_port"],
            stanza_limit=self.stanza_limit,
            clinic=EJABBERD_CLINIC.format(
                clinic=CLINIC,
                component_port=self.options["component_port"],
                secret=self.options["secret"]) if self.has_clinic else "",
            disco=f'extra_domains: [ "{CLINIC}" ]' if self.has_clinic else "{}",
            others=self.others(), modules="".join(
                [f'  mod_muc:\n    hosts: [ "{ROOMS}" ]\n'
                 if self.has_clinic else "",
                 "  mod_s2s_dialback: {}\n"
                 if self.options.get("server_port") else "", self.upload()])))
        (self.folder / "accounts").unlink(missing_ok=True)

    def upload(self):
        """Where its people's files are."""
        port = self.options.get("upload_port")
        return EJABBERD_UPLOAD.format(
            port=port, domain=next(iter(self.hosts())),
            folder=self.folder) if port else ""

    def others(self):
        """How it talks to other servers."""
        if not self.options.get("server_port"):
            return ""
        domains, place = self.options["others"]
        (self.folder / "domains").write_text("".join(
            f'{{"{domain}", {place}}}.\n' for domain in domains))
        # Service records, which are asked for first, are nobody's.
        (self.folder / "inetrc").write_text('{resolv_conf, ""}.\n')
        port = self.options.get("upload_port")
        return (EJABBERD_WEB.format(port=port) if port else "") \
            + EJABBERD_OTHERS.format(port=self.options["server_port"])

    def start(self):
        libraries = sorted(Path("/usr/lib").glob("*/ejabberd-*/ebin"))
        if not libraries or not shutil.which("erl"):
            raise StackError("ejabberd is not installed: make deps")
        names = ",".join(f'{{<<"{name}">>,<<"{domain}">>}}'
                         for domain, names in self.hosts().items()
                         for name in names)
        ready = self.folder / "accounts"
        inetrc = self.folder / "inetrc"
        environment = {"ERL_INETRC": str(inetrc) if inetrc.exists() else "",
                       "LOOPBACK_DOMAINS": str(self.folder / "domains")}
        table = Path(__file__).parent / "net"
        lookup = (f'code:unstick_mod(net), {{ok, net, Net}} ='
                  f' compile:file("{table}", [binary]),'
                  f' {{module, net}} = code:load_binary(net, "{table}", Net), '
                  if self.options.get("server_port") else "")
        register = (f'{lookup}[ejabberd_auth:try_register(N, D, N)'
                    f' || {{N, D}} <- [{names}]],'
                    f' file:write_file("{ready}", <<"ready">>).')
        self.programs.start(
            self.name,
            ["erl", "-noinput", "+sbwt", "none", "+S", "2:2",
             "-mnesia", "dir", f'"{self.folder}/db"',
             "-pa", str(libraries[-1]), "-s", "ejabberd", "-eval", register],
            env={"EJABBERD_CONFIG_PATH": str(self.folder / "ejabberd.yml"),
                 "EJABBERD_LOG_PATH": str(self.folder / "ejabberd.log"),
                 "SPOOL_DIR": str(self.folder / "db"), **environment,
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
    max_stanza_size: {stanza_limit}
    starttls: {starttls}
    access: all
{clinic}{others}acl:
  local:
    user_regexp: ""
modules:
  mod_adhoc: {{}}
  mod_blocking: {{}}
  mod_caps: {{}}
  mod_carboncopy: {{}}
  mod_client_state: {{}}
  mod_disco:
    {disco}
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
{modules}"""

EJABBERD_CLINIC = """  -
    port: {component_port}
    ip: "127.0.0.1"
    module: ejabberd_service
    max_stanza_size: 524288
    global_routes: false
    hosts:
      "{clinic}":
        password: "{secret}"
"""

EJABBERD_OTHERS = """  -
    port: {port}
    ip: "127.0.0.1"
    module: ejabberd_s2s_in
    max_stanza_size: 524288
s2s_max_retry_delay: 2
"""

EJABBERD_WEB = """  -
    port: {port}
    ip: "127.0.0.1"
    module: ejabberd_http
    request_handlers:
      /upload: mod_http_upload
"""

EJABBERD_UPLOAD = """  mod_http_upload:
    hosts: [ "upload.{domain}" ]
    put_url: "http://127.0.0.1:{port}/upload"
    docroot: "{folder}/upload"
    access: all
"""

KINDS = {"prosody": Prosody, "ejabberd": Ejabberd}
