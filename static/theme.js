/* Runs before the first paint: applies the theme this reader chose, and keeps the switch.
   The choice is one of "" (as the device), "light", "dark". Without this file the device decides. */
(() => {
  "use strict";
  const sheet = document.getElementById("dark");
  const asDevice = sheet.media;
  const read = () => { try { return localStorage.getItem("theme") || ""; } catch { return ""; } };
  const keep = (choice) => { try { localStorage.setItem("theme", choice); } catch { /* private window */ } };
  const show = (choice) => {
    sheet.media = choice === "dark" ? "screen" : choice === "light" ? "not all" : asDevice;
    document.querySelectorAll("[data-theme-choice]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
    });
  };
  show(read());
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-theme-switch]").forEach((box) => { box.hidden = false; });
    document.querySelectorAll("[data-theme-choice]").forEach((button) => {
      button.addEventListener("click", () => { keep(button.dataset.themeChoice); show(read()); });
    });
    show(read());
  });
})();
