"""The plan over the API: made, changed with If-Match, ordered; refusals at their fields."""

from tests.api.conftest import fields, problem


def test_a_plan_is_built_and_ordered(call, house):
    program = call(house["all"])
    present = program.get("/periods").json()["items"][0]
    ended = program.patch(f"/periods/{present['id']}", {"ends_on": "2026-12-31"}, seen=present["version"])
    assert ended.json()["ends_on"] == "2026-12-31"
    wish = {"name": "2031–2035", "starts_on": "2031-01-01", "ends_on": "2035-12-31"}
    made = program.post("/periods", wish)
    assert made.status_code == 201, made.text
    period = f"/periods/{made.json()['id']}"
    parts = [program.post(f"{period}/fields", {"name": name}).json() for name in ("Innovation", "Energie")]
    below = program.post(f"/fields/{parts[0]['id']}/clusters", {"name": "Gründungen"})
    assert below.status_code == 201, below.text
    moved = program.patch(f"/fields/{parts[1]['id']}", {"position": 1}, seen=parts[1]["version"])
    assert moved.json()["position"] == 1
    plan = program.get(period).json()
    assert [one["name"] for one in plan["fields"]] == ["Energie", "Innovation"]
    assert [one["name"] for one in plan["fields"][1]["clusters"]] == ["Gründungen"]
    cluster = f"/clusters/{below.json()['id']}"
    problem(program.patch(cluster, {"ends_on": "2032-01-01"}), 428)
    ended = program.patch(cluster, {"ends_on": "2032-01-01"}, seen=1)
    assert (ended.json()["ends_on"], ended.json()["name"]) == ("2032-01-01", "Gründungen")
    assert program.get(cluster).json() == ended.json()
    problem(program.patch(cluster, {"name": "Andere"}, seen=1), 412)
    assert "gibt es schon" in fields(program.post("/periods", wish))["name"]
    overlapping = program.post("/periods", {"name": "Andere", "starts_on": "2035-12-31"})
    assert "Überschneidet sich" in fields(overlapping)["starts_on"]
    listed = program.get("/periods").json()["items"]
    assert plan["id"] in [one["id"] for one in listed]
    problem(call(house["nobody"]).get(period), 404)
    problem(call(house["member"]).post("/periods", {"name": "Neu"}), 403)


def test_an_institution_is_merged(call, house):
    program = call(house["all"])
    one, other = (program.post("/organisations", {"names": [{"name": name}]}).json() for name in ("Eine", "Andere"))
    address = f"/organisations/{other['id']}"
    problem(program.post(f"{address}/merge", {"into": one["id"]}, seen=9), 412)
    merged = program.post(f"{address}/merge", {"into": one["id"]}, seen=other["version"])
    assert merged.status_code == 200, merged.text
    assert merged.json()["id"] == one["id"]
    assert program.get(address).json()["merged_into"] == one["id"]
    assert other["id"] not in [found["id"] for found in program.get("/organisations?limit=200").json()["items"]]
    problem(program.patch(address, {"kind": "union"}, seen=other["version"] + 1), 409)
    problem(call(house["member"]).post(f"{address}/merge", {"into": one["id"]}, seen=1), 403)
