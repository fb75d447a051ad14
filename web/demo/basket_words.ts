/** What the basket says: amounts, lines, refusals. Pure; the words are in `basket.json`. */

import texts from "./basket.json";

export type Language = "nl" | "en";
type TextName = keyof typeof texts;
type PerLanguage = Readonly<Record<string, string>>;

export interface Line {
  readonly sku: string;
  readonly names: PerLanguage;
  readonly size: string | null;
  readonly colours: PerLanguage;
  readonly quantity: number;
  readonly unit_price_minor: number;
  readonly total_minor: number;
  readonly stock: "available" | "too_few" | "sold_out" | "not_sold";
  readonly at_most: number;
}

/** Why something was refused, with the facts that there are. */
export interface Refusal {
  readonly reason: string;
  readonly at_most?: number;
  readonly missing_minor?: number;
  readonly minimum_minor?: number;
  readonly on?: string;
  readonly other_code?: string;
}

export interface Discount {
  readonly code: string;
  readonly percent: number | null;
  readonly gives_minor: number;
  readonly refused: Refusal | null;
}

/** As `GET /api/v1/conversations/{id}/basket` answers. */
export interface Basket {
  readonly currency: string;
  readonly pieces: number;
  readonly lines: readonly Line[];
  readonly discounts: readonly Discount[];
  readonly goods_minor: number;
  readonly discount_minor: number;
  readonly delivery_minor: number;
  readonly total_minor: number;
  readonly country: string;
  readonly delivers: boolean;
  readonly free_delivery_in_minor: number | null;
  readonly can_check_out: boolean;
  readonly checkout_url: string;
}

/** An error of the service as far as the basket tells errors apart. */
export interface Trouble {
  readonly code: string;
  readonly data?: Refusal;
}

const REFUSED_CODES: Readonly<Record<string, TextName>> = {
  unknown: "code_unknown",
  expired: "code_expired",
  not_yet: "code_not_yet",
  minimum_not_reached: "code_minimum",
  used: "code_used",
  not_yours: "code_not_yours",
  not_combinable: "code_not_combinable",
  other_currency: "code_other_currency",
};

const TROUBLES: Readonly<Record<string, TextName>> = {
  too_many_tries: "too_many_tries",
  too_many_basket_changes: "limited",
  request_invalid: "no_quantity",
  store_unavailable: "unreachable",
  unreachable: "unreachable",
};

const REFUSED_LINES: Readonly<Record<string, TextName>> = {
  too_many: "too_many",
  basket_full: "basket_full",
  not_sold: "stock_not_sold",
};

/** The words of one basket, in one language. */
export class Words {
  constructor(
    private readonly language: Language,
    private readonly currency = "EUR",
  ) {}

  say(name: TextName, facts: Readonly<Record<string, string | number>> = {}): string {
    return texts[name][this.language].replace(/\{(\w+)\}/g, (gap, fact: string) => String(facts[fact] ?? gap));
  }

  money(minor: number): string {
    const style = { style: "currency", currency: this.currency } as const;
    return new Intl.NumberFormat(this.locale, style).format(minor / 100);
  }

  pieces(count: number): string {
    return count === 1 ? this.say("piece") : this.say("pieces", { count });
  }

  name(line: Line): string {
    return this.inLanguage(line.names) || line.sku;
  }

  /** What one piece costs; empty when there is only one, whose price stands there already. */
  each(line: Line): string {
    return line.quantity > 1 ? this.say("each", { price: this.money(line.unit_price_minor) }) : "";
  }

  /** Size and colour; empty when there is only one of each. */
  variant(line: Line): string {
    const size = line.size ? this.say("size", { size: line.size }) : "";
    return [size, this.inLanguage(line.colours)].filter(Boolean).join(" · ");
  }

  /** What is the matter with a line; empty when nothing is. */
  stock(line: Line): string {
    if (line.stock === "available") return "";
    return this.say(`stock_${line.stock}`, { count: line.at_most });
  }

  /** What there is to say about delivery. */
  deliveryNote(basket: Basket): string {
    if (basket.lines.length === 0) return "";
    if (!basket.delivers) return this.say("not_delivered", { country: this.country(basket.country) });
    const missing = basket.free_delivery_in_minor;
    return missing === null ? "" : this.say("free_delivery_in", { amount: this.money(missing) });
  }

  refusedCode(refusal: Refusal): string {
    return this.say(REFUSED_CODES[refusal.reason] ?? "refused", {
      date: refusal.on ? this.day(refusal.on) : "",
      minimum: this.money(refusal.minimum_minor ?? 0),
      missing: this.money(refusal.missing_minor ?? 0),
      other: refusal.other_code ?? "",
    });
  }

  /** What went wrong, for whoever reads the page. */
  trouble({ code, data }: Trouble): string {
    if (code === "code_refused" && data) return this.refusedCode(data);
    if (code === "basket_refused" && data) return this.refusedLine(data);
    return this.say(TROUBLES[code] ?? "refused");
  }

  private refusedLine({ reason, at_most: count = 0 }: Refusal): string {
    if (reason === "out_of_stock") return count > 0 ? this.say("out_of_stock", { count }) : this.say("sold_out");
    return this.say(REFUSED_LINES[reason] ?? "refused");
  }

  private day(isoDay: string): string {
    const form = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const;
    return new Intl.DateTimeFormat(this.locale, form).format(new Date(isoDay));
  }

  private country(code: string): string {
    return new Intl.DisplayNames([this.locale], { type: "region" }).of(code) ?? code;
  }

  private inLanguage(given: PerLanguage): string {
    return given[this.language] ?? given.nl ?? given.en ?? Object.values(given)[0] ?? "";
  }

  private get locale(): string {
    return this.language === "nl" ? "nl-NL" : "en-GB";
  }
}
