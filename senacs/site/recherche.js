// Filtre la liste des territoires ; sans script la liste est entière.
"use strict";
(() => {
  const field = document.getElementById("recherche");
  const list = document.getElementById("liste");
  const found = document.getElementById("trouve");
  if (!field || !list || !found) return;
  const plain = (text) =>
    text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[\u2019'-]/g, " ").toLowerCase();
  const entries = [...list.querySelectorAll("li")].map((item) => ({
    item,
    text: plain(item.querySelector("a").textContent),
  }));
  const filter = () => {
    const words = plain(field.value).trim();
    let count = 0;
    for (const { item } of entries) item.hidden = words !== "";
    for (const { item, text } of entries) {
      if (words === "" || !text.includes(words)) continue;
      count += 1;
      item.hidden = false;
      for (const inner of item.querySelectorAll("li")) inner.hidden = false;
      item.parentElement.closest("li")?.removeAttribute("hidden");
    }
    found.textContent = words === "" ? "" : count > 1 ? `${count} territoires` : `${count} territoire`;
  };
  field.closest("p").hidden = false;
  field.addEventListener("input", filter);
})();
