/* The fields of a form that are asked with some choices only: they appear with the choice. Without this, they all stand there. */
"use strict";

for (const choose of document.querySelectorAll("select[data-chooses]")) {
  const groups = choose.form.querySelectorAll("fieldset[data-for]");
  for (const one of choose.form.querySelectorAll("fieldset[data-for] [aria-required]")) one.required = true;
  const show = () => {
    for (const group of groups) {
      const asked = group.dataset.for.split(" ").includes(choose.value);
      group.hidden = !asked;
      group.disabled = !asked;
      group.classList.add("apt");
    }
  };
  choose.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  show();
}
