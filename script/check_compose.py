"""Read docker-compose.yml as a person would: every service healthy before it is needed, no secret written down."""

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
