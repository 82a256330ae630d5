"""Passkeys in a real browser, with a device that Chromium pretends to have."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from app.actor import Role
from tests import factories
from tests.browser.site import make_empty_file, serving


def test_a_passkey_is_made_and_opens_the_door(browser: Browser, tmp_path: Path, cheap_passwords: None) -> None:
    with serving(make_empty_file(tmp_path / "keys.db"), tmp_path, host="localhost") as site:
        with site.database.write() as session:
            factories.make_account(session, Role.ADMIN, email="ada@example.org", name="Ada Beispiel")
        page = browser.new_page()
        errors: list[str] = []
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        device = page.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        device.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                }
            },
        )
        page.goto(f"{site.address}/anmelden?weiter=/profil/sicherheit")
        page.get_by_label("E-Mail-Adresse", exact=True).fill("ada@example.org")
        page.get_by_label("Kennwort", exact=True).fill(factories.PASSWORD)
        page.get_by_role("button", name="Anmelden", exact=True).click()
        page.get_by_text("Passkey anlegen …").click()
        page.locator("#kennwort-passkey").fill(factories.PASSWORD)
        page.locator("form[action='/profil/sicherheit/passkeys']").get_by_role("button", name="Weiter").click()
        page.get_by_label("Name", exact=True).fill("Prüfgerät")
        page.get_by_role("button", name="Passkey anlegen").click()
        expect(page.get_by_role("heading", name="Ihre Wiederherstellungscodes")).to_be_visible()
        expect(page.get_by_role("rowheader", name="Prüfgerät")).to_be_visible()
        page.context.clear_cookies()
        page.goto(f"{site.address}/anmelden")
        page.get_by_role("link", name="Mit Passkey anmelden, ohne Kennwort").click()
        page.get_by_role("button", name="Passkey benutzen").click()
        expect(page).to_have_url(f"{site.address}/")
        assert errors == []
        page.close()
