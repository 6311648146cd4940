// Comfort only: every page works without it. Buttons that need a script are hidden until it has come.
"use strict";

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue; // plain http on the office's network
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = "Kode disalin";
  });
}

// After a refusal the summary is what should be read first.
document.getElementById("salah")?.focus();
