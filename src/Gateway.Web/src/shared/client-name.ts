/** A client id or a PAN as the broker writes it, from what somebody typed. */
export const toClientName = (typed: string): string => typed.toUpperCase().replaceAll(/[^A-Z0-9]/g, "");
