/** What exits need, as one part of the page. */
export { ExitTicket } from "@/features/exit/exit-ticket";
export { ManyTicket } from "@/features/exit/many-ticket";
export { ResidualCards } from "@/features/exit/residual-cards";
export { RunningExits } from "@/features/exit/running-exits";
