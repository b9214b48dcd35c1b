import json
import sys
import tomllib


def load(path):
    with open(path, "rb") as stream:
        return json.load(stream) if path.endswith(".json") else tomllib.load(stream)


def line(host, domain):
    return f"{host['name']}.{domain} {host['address']}"


def main(hosts_path, settings_path):
    hosts = load(hosts_path)["hosts"]
    domain = load(settings_path)["network"]["domain"]
    for host in hosts:
        if host["role"] == "worker":
            continue
        print(line(host, domain))


main(sys.argv[1], sys.argv[2])
