// A button that asks the browser for a passkey, puts its answer into the form and sends it.
(() => {
  "use strict";
  for (const button of document.querySelectorAll("[data-passkey]")) {
    button.addEventListener("click", async () => {
      const failed = document.getElementById("passkey-failed");
      const field = document.getElementById(button.dataset.field);
      failed.hidden = true;
      try {
        const question = JSON.parse(document.getElementById("passkey-question").textContent);
        field.value = JSON.stringify(await webauthnJSON[button.dataset.passkey](question));
      } catch {
        // Refused, cancelled, out of time, or a device without passkeys: the browser has told its owner which.
        failed.hidden = false;
        return;
      }
      field.form.requestSubmit();
    });
  }
})();
