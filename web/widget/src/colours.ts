/** The shop's colour, made readable: whatever hex colour a shop gives, text on it and in it keeps contrast. */

type Rgb = readonly [number, number, number];

/** WCAG 2 AA for text is 4.5; a little more, because rounding a colour moves it. */
const READABLE = 4.6;
/** Thin coloured letters on a dark ground need more to look as clear. */
const READABLE_ON_DARK = 6;
const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
/** The darkest ground that coloured text stands on in the light theme, and the lightest in the dark theme. */
const LIGHT_GROUND: Rgb = [0xf1, 0xef, 0xea];
const DARK_GROUND: Rgb = [0x2a, 0x31, 0x34];

/** The colours that follow from one accent colour, as CSS values. */
export interface Palette {
  /** The ground of the launcher, the header and the customer's bubbles. */
  readonly accent: string;
  /** Text on that ground. */
  readonly onAccent: string;
  /** The accent as text on a light page. */
  readonly accentOnLight: string;
  /** The accent as text on a dark page. */
  readonly accentOnDark: string;
}

/** The palette of a hex colour ("#0b6e5f", "#0a7"); null when it is none. */
export function paletteOf(hex: string): Palette | null {
  const accent = parseHex(hex);
  if (!accent) return null;
  const onAccent = contrast(accent, WHITE) >= READABLE ? WHITE : darkerOf(accent);
  return {
    accent: css(accent),
    onAccent: css(onAccent),
    accentOnLight: css(readableOn(LIGHT_GROUND, accent, BLACK, READABLE)),
    accentOnDark: css(readableOn(DARK_GROUND, accent, WHITE, READABLE_ON_DARK)),
  };
}

/** How far two colours are apart, from 1 to 21 (WCAG 2 contrast ratio). */
export function contrast(one: Rgb, other: Rgb): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

export function parseHex(hex: string): Rgb | null {
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(hex.trim())?.[1];
  if (!digits) return null;
  const pairs = digits.length === 3 ? [...digits].map((digit) => digit + digit) : (digits.match(/../g) ?? []);
  return pairs.map((pair) => parseInt(pair, 16)) as unknown as Rgb;
}

function darkerOf(accent: Rgb): Rgb {
  return contrast(accent, BLACK) >= contrast(accent, WHITE) ? BLACK : WHITE;
}

function readableOn(ground: Rgb, colour: Rgb, towards: Rgb, least: number): Rgb {
  for (let share = 0; share < 1; share += 0.05) {
    const candidate = mix(colour, towards, share);
    if (contrast(ground, candidate) >= least) return candidate;
  }
  return towards;
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  return from.map((part, index) => Math.round(part + ((to[index] ?? 0) - part) * share)) as unknown as Rgb;
}

function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((part) => linear(part / 255)) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(part: number): number {
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function css(colour: Rgb): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}
