"""The changes since the last meeting as JSON: the sums of the page, and its readers."""

from tests.web.heart import add_item, make_house, release


def test_the_sums_agree_and_are_frozen(browse, database):
    house = make_house(database)
    address = f"/api/v1/meetings/{house.meeting.id}/delta"
    assert browse(house.member).get(address).status_code == 404
    before = browse(house.chair).get(address).json()
    assert (before["version"], before["hash"]) == (0, "")
    add_item(database, house)
    release(database, house)
    found = browse(house.member).get(address).json()
    assert found["version"] == 1
    assert len(found["hash"]) == 64
    assert found["page"] == f"{house.address}/veraenderungen"
    for field in found["fields"]:
        for row in field["sums"]:
            moved = row["came"] - row["went"] + row["turned_to"] - row["turned_from"]
            assert row["then"] + moved == row["now"]
    total = next(row for row in found["fields"][0]["sums"] if row["total"])
    assert (total["then"], total["now"]) == (2, 2)
    assert {one["code"]: one["now_light"] for one in found["projects"]} == {"1.9": "red", "1.10": "yellow"}
    assert browse(house.member).get(f"{address}?version=2").status_code == 404
    assert browse(house.stranger).get(address).status_code == 404
