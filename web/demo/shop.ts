/** The pages of the demo shop: in two languages, with goods, a basket, a mailbox, and customers to be. */

import { offerBasket } from "./basket";
import { offerCustomers, tokenOfCustomer } from "./customers";
import { offerMailbox } from "./mailbox";
import { fillTexts, find, language, say, withWidget } from "./page";
import { offerProduct } from "./product";
import { offerShelf } from "./shelf";
import { Signals } from "./signals";
import { offerTips } from "./tips";

const signals = new Signals(tokenOfCustomer);
fillTexts();
stayOnThisPage();
void offerCustomers();
void offerMailbox(language);
const basket = offerBasket(language, (sku, quantity, exposure) =>
  signals.note({ kind: "basket", sku, quantity, ...(exposure ? { exposure } : {}) }),
);
offerTips(signals);
if (document.querySelector(".product-page")) void offerProduct(signals, basket);
else offerHome();

function offerHome(): void {
  document.title = say("page_title");
  for (const question of document.querySelectorAll<HTMLElement>(".questions button")) {
    question.addEventListener("click", () => withWidget((widget) => widget.open(question.textContent ?? "")));
  }
  void offerShelf(signals);
}

/** The header's links lead to the home page; there they need not load it anew. */
function stayOnThisPage(): void {
  if (location.pathname !== "/") return;
  find(".logo").setAttribute("href", "#content");
  for (const link of document.querySelectorAll<HTMLAnchorElement>(".departments a")) link.href = link.hash;
}
