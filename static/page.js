/* Comforts for pages that work without them. */
(() => {
  "use strict";
  // What came of the last step is read first, and the next key goes on from there.
  const told = document.getElementById("errors") || document.getElementById("messages");
  if (told) told.focus();

  // The receipt has come: the draft on this device has done its duty.
  if (document.querySelector("[data-sent]")) {
    try { localStorage.removeItem("draft"); } catch { /* private window */ }
  }

  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  document.querySelectorAll("[data-copy]").forEach((button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.querySelector("[data-word]").textContent = button.dataset.done;
    });
  });

  // One tap sends once; the browser's back button makes the form usable again.
  document.querySelectorAll("form[data-once]").forEach((form) => {
    form.addEventListener("submit", () => setTimeout(() => {
      form.querySelectorAll("button[type=submit]").forEach((button) => { button.disabled = true; });
    }));
    window.addEventListener("pageshow", () => {
      form.querySelectorAll("button[type=submit]").forEach((button) => { button.disabled = false; });
    });
  });
})();
