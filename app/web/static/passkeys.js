// Passkeys: asks a device for a key where a form wants one, and sends the form with what it answered.
(() => {
  "use strict";
  const words = {
    NotAllowedError: "Es wurde kein Passkey bestätigt, oder es hat zu lange gedauert. Bitte versuchen Sie es noch einmal.",
    InvalidStateError: "Dieses Gerät hat für Ihr Konto schon einen Passkey.",
  };
  const able = window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON;

  async function ask(form) {
    const options = JSON.parse(form.dataset.options);
    if (form.dataset.passkey === "create") {
      return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
    }
    return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const missing = form.parentElement.querySelector("[data-passkey-missing]");
    if (!able) continue;
    form.hidden = false;
    if (missing) missing.hidden = true;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const error = form.querySelector("[data-passkey-error]");
      error.hidden = true;
      try {
        const credential = await ask(form);
        form.elements.credential.value = JSON.stringify(credential.toJSON());
        HTMLFormElement.prototype.submit.call(form);
      } catch (problem) {
        error.textContent = words[problem.name] || "Der Passkey ließ sich nicht benutzen. Melden Sie sich anders an.";
        error.hidden = false;
      }
    });
  }
})();
