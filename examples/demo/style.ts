/**
 * Plain ANSI styles, for terminals only. `NO_COLOR` turns them off.
 */
const isStyled = process.stdout.isTTY === true && (process.env["NO_COLOR"] ?? "") === ""

const style =
  (code: string) =>
  (text: string): string =>
    isStyled ? `\u001b[${code}m${text}\u001b[0m` : text

export const bold = style("1")
export const dim = style("2")
export const red = style("31")
export const green = style("32")
export const cyan = style("36")
