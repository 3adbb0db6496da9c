"""Read docker-compose.yml as a person would.

Every service healthy before it is needed, bounded, ended in peace, told all that it reads; no secret written down.
"""

import re
import sys
from pathlib import Path

import yaml

compose = yaml.safe_load(Path("docker-compose.yml").read_text())
services = compose["services"]
problems = []
for name in ("database", "elasticsearch", "web", "mail", "worker", "clock", "shipping"):
    if name not in services:
        problems.append(f"there is no service {name}")
    elif "healthcheck" not in services[name]:
        problems.append(f"{name} has no health check")
problems += [
    f"{name} does not wait until database is healthy"
    for name in ("web", "mail", "worker", "clock", "shipping")
    if services.get(name, {}).get("depends_on", {}).get("database", {}).get("condition") != "service_healthy"
]
# A copy that is down, or spoiled, must not keep the portal from starting.
problems += [
    f"{name} waits for elasticsearch"
    for name, service in services.items()
    if "elasticsearch" in service.get("depends_on", {})
]
for name, service in services.items():
    if not {"max-size", "max-file"} <= service.get("logging", {}).get("options", {}).keys():
        problems.append(f"the log of {name} grows for ever")
    problems += [f"{name} has no {key}" for key in ("mem_limit", "stop_grace_period") if key not in service]
    if "build" in service and not service.get("init"):
        problems.append(f"{name} has no init: what its children leave behind stays")
# Each variable that settings read is described, and reaches every process; these four belong to the image.
settings = [
    Path("portal", *parts).read_text() for parts in (("settings", "base.py"), ("settings", "env.py"), ("gunicorn.py",))
]
read = {
    name for code in settings for name in re.findall(r'\b(?:text|words|integer|number|flag|path)\("([A-Z_]+)"', code)
}
operations = Path("docs/operations.md").read_text()
problems += [f"{name} is not described in docs/operations.md" for name in sorted(read) if f"`{name}`" not in operations]
for name, service in services.items():
    if "build" in service:
        lacking = read - service["environment"].keys() - {"MEDIA_ROOT", "STATIC_ROOT", "PORT", "POSTGRES_PORT"}
        problems += [f"{name} is not passed {variable}" for variable in sorted(lacking)]
problems += [f"{name} starts only with a profile" for name, service in services.items() if "profiles" in service]
for name, service in services.items():
    problems += [
        f"{name} depends on {needed}, which is not there"
        for needed in service.get("depends_on", {})
        if needed not in services
    ]
    for key, value in service.get("environment", {}).items():
        secret = any(word in key for word in ("PASSWORD", "SECRET", "TOKEN"))
        if secret and not str(value).startswith("${"):
            problems.append(f"{name} has {key} written down")
    for volume in service.get("volumes", []):
        source = volume.split(":")[0]
        if not source.startswith((".", "/")) and source not in compose["volumes"]:
            problems.append(f"{name} uses the volume {source}, which is not declared")
if problems:
    sys.exit("docker-compose.yml: " + "; ".join(problems))
print(f"docker-compose.yml: {len(services)} services")
