/** The numbers from 0 on, so many of them. */
export const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)
