// What a person types, whether it fits its column, and what stands in a CSV. The formats are those of `inkdigits.Format`.

// Minus signs and digits of other keyboards.
const normalise = (text) => text.trim().replace(/[−–—]/g, "-").replace(/[٠-٩۰-۹]/g, (digit) => digit.charCodeAt(0) & 15);

const weighted = (digits, weightAt) =>
  [...digits].reverse().reduce((sum, digit, place) => sum + Number(digit) * weightAt(place), 0);
const isEan = (digits) => weighted(digits, (place) => (place % 2 ? 3 : 1)) % 10 === 0;
const isMod11 = (digits) => weighted(digits, (place) => place + 1) % 11 === 0;
const isLuhn = (digits) =>
  [...digits].reverse().reduce((sum, digit, place) => sum + (place % 2 ? digit * 2 - 9 * (digit > 4) : Number(digit)), 0) % 10 === 0;
const isIban = (digits, lengths) => Object.entries(lengths).some(([country, length]) => {
  const letters = [...country].map((letter) => parseInt(letter, 36)).join("");
  return length === digits.length && BigInt(digits.slice(2) + letters + digits.slice(0, 2)) % 97n === 1n;
});
const CHECK_DIGITS = {
  luhn: (digits) => digits.length >= 2 && isLuhn(digits),
  ean: (digits) => [8, 12, 13, 14].includes(digits.length) && isEan(digits),
  isbn: (digits) => (digits.length === 10 ? isMod11(digits) : digits.length === 13 && /^97[89]/.test(digits) && isEan(digits)),
  mod11: (digits) => digits.length >= 2 && isMod11(digits),
  iban: isIban,
};

const hasCheckDigit = (format, digits) => !format.check || CHECK_DIGITS[format.check](digits, format.ibans);
const isWithin = (count, [least, most]) => least <= count && count <= most;

// Whether a text fits a format; without a format everything does, and so does an empty cell.
function fits(format, text) {
  if (!format || text === "") return true;
  // Without its decimal sign, 279 is 27.9.
  const implied = /[.,]/.test(text) ? 0 : format.implied;
  const decimals = implied ? [0, 0] : format.decimals;
  const written = text.replaceAll(",", ".");
  if (format.choices) return format.choices.includes(written);
  if (format.pattern) {
    return written.length === format.pattern.length
      && [...written].every((symbol, place) => (format.pattern[place] === "#" ? /\d/.test(symbol) : symbol === format.pattern[place]))
      && hasCheckDigit(format, written.replace(/\D/g, ""));
  }
  const found = /^([+-]?)(\d*)(?:(\.)(\d*))?(-?)$/.exec(written);
  if (!found) return false;
  const [, before, whole, point = "", after = "", behind] = found;
  const count = whole.length + after.length;
  if (!count || ((before || behind) && !format.sign) || (before && behind)) return false;
  if (!isWithin(count, format.digits) || !isWithin(after.length, decimals) || (point && !after)) return false;
  if (format.check && (point || !hasCheckDigit(format, whole))) return false;
  const value = Number(`${before === "-" || behind ? "-" : ""}${whole || 0}.${after || 0}`) / 10 ** implied;
  return (format.minimum === null || value >= Number(format.minimum)) && (format.maximum === null || value <= Number(format.maximum));
}

// A format in words, for the person whose cell does not fit it.
function describe(format) {
  if (format.choices) return format.choices.length > 6 ? "one of the known texts" : `one of ${format.choices.join(", ")}`;
  const check = format.check ? [`with a right check digit (${format.check})`] : [];
  if (format.pattern) return [`like ${format.pattern}`, ...check].join(", ");
  const span = ([least, most], word) => `${least === most ? least : `${least} to ${most}`} ${word}${most === 1 ? "" : "s"}`;
  const parts = format.digits[1] < 40 ? [span(format.digits, "digit")] : ["a number"];
  if (format.decimals[1] === 0) parts.push("no decimals");
  else if (format.decimals[1] < 40) parts.push(`${span(format.decimals, "decimal")}`);
  if (!format.sign) parts.push("no sign");
  if (format.minimum !== null && format.maximum !== null) parts.push(`from ${format.minimum} to ${format.maximum}`);
  else if (format.minimum !== null) parts.push(`at least ${format.minimum}`);
  else if (format.maximum !== null) parts.push(`at most ${format.maximum}`);
  return [...parts, ...check].join(", ");
}

// What a person would have typed into a table for what is written: as `Table.to_grid` has it.
function toTyped(format, text) {
  if (!format?.hasPoint) return text;
  const found = format.implied && /^([+-]?)0*(\d+)(-?)$/.exec(text);
  if (!found) return text.replaceAll(",", ".");
  const digits = found[2].padStart(format.implied + 1, "0");
  return `${found[1] === "-" || found[3] ? "-" : ""}${digits.slice(0, -format.implied)}.${digits.slice(-format.implied)}`;
}

// A spreadsheet would take these for formulas; a number with its sign is none. As in `inkdigits.formats.starts_formula`.
const startsFormula = (text) =>
  /^[=+\-@\t\r]/.test(text) && !/^([+-])?(?=[.,]*\d)[\d.,]+[-%]?$/.test(text);

function toCsv(rows) {
  const quote = (text) => {
    const safe = startsFormula(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const csv = rows.map((row) => `${row.length === 1 && row[0] === "" ? '""' : row.map(quote).join(",")}\n`).join("");
  // With the mark, spreadsheets read UTF-8; pure ASCII is the same without it.
  return /^[\x00-\x7f]*$/.test(csv) ? csv : `\ufeff${csv}`;
}
