using Backup.Gateway.Api.Kite;
using Backup.Gateway.Api.Live;
using Backup.Gateway.Api.Login;
using Backup.Gateway.Api.Login.Sessions;
using Backup.Gateway.Api.Login.Totp;

namespace Backup.Gateway.Api.Description;

/// <summary>The words of the API's document, endpoint by endpoint.</summary>
internal static class EndpointTexts
{
    internal static EndpointText SendCode { get; } = new EndpointText(
        "sendCode", "Send a one-time code", "Sends a code of six digits to the mobile number and e-mail address that the broker knows. A client id or PAN that is nobody's is answered in the same words: nobody learns here who is a client.").AsksNoAccount().Gives<CodeSent>();

    internal static EndpointText EnterCode { get; } = new EndpointText(
        "enterCode", "Log in", "Takes the code that was sent, or a code of the client's authenticator app as `totp`, once, and gives a token that is good for minutes; both, where the client "
        + "has asked for that. A few wrong codes in a row lock the client out for a while. An app of Kite Connect sends its "
        + "`api_key`, `request_token` and `checksum` instead and is given a session with Kite's fields.").AsksNoAccount().Takes<TokenFields>().Gives<Session>().Gives<KiteSession>();

    internal static EndpointText StaffLogin { get; } = new EndpointText(
        "staffLogin", "Log in as one of the broker's people", "By name and password, and the code of the authenticator app where one is enrolled; an operator has made the name. A name that is nobody's is answered in the "
        + "same words. The token opens what the role may do; the dealing desk and auditors name the client with each request.").AsksNoAccount().Gives<Session>();

    internal static EndpointText RequestToken { get; } = new EndpointText(
        "requestToken", "Log in for an app of Kite Connect", "Takes the code, once, and gives the request token that the app's `generateSession` needs, within two minutes.").AsksNoAccount()
        .Gives<RequestTokenIssued>();

    internal static EndpointText RefreshToken { get; } = new EndpointText(
        "refreshToken", "Renew an app's token", "As Kite Connect's `renewAccessToken`: another access token, until the session's own time is over.").AsksNoAccount().Takes<RefreshFields>()
        .Gives<KiteSession>();

    internal static EndpointText Profile { get; } = new EndpointText("profile", "Who the caller is", "Kite's fields. To the dealing desk and auditors: the client for whom they ask, if they name one.").AsksNoAccount().Gives<UserProfile>();

    internal static EndpointText Margins { get; } = new EndpointText(
        "margins", "Funds", "Always refused: the main site keeps them. It is here for Kite's clients.").AsksNoAccount();

    internal static EndpointText MarginsOf { get; } = new EndpointText(
        "marginsOf", "Funds of a segment", "Always refused: the main site keeps them. It is here for Kite's clients.").AsksNoAccount();

    internal static EndpointText Holdings { get; } = new EndpointText(
        "holdings", "Shares held for delivery", "Kite's fields, then the source and age of the price. What was bought today is a position, not a holding.").Gives<IReadOnlyList<HoldingView>>();

    internal static EndpointText AllTrades { get; } = new EndpointText("allTrades", "The day's executions", "Of all orders, oldest first.").Gives<IReadOnlyList<Execution>>();

    internal static EndpointText LastPrices { get; } = new EndpointText(
        "lastPrices", "Last prices", "Of up to 1,000 instruments, `i=EXCHANGE:TRADINGSYMBOL` for each. What is not known, or has no price, is left out. Each has its source and age.").AsksNoAccount()
        .Gives<IReadOnlyDictionary<string, LastPriceView>>();

    internal static EndpointText Instruments { get; } = new EndpointText("instruments", "The instrument master", "The day's, as CSV with Kite's columns.").AsksNoAccount().AnswersIn("text/csv");

    internal static EndpointText InstrumentsOf { get; } = new EndpointText("instrumentsOf", "The instruments of an exchange", "As CSV with Kite's columns.").AsksNoAccount().AnswersIn("text/csv");

    internal static EndpointText Ticker { get; } = new EndpointText(
        "ticker", "Kite's ticker", "A WebSocket that speaks as Kite's does: prices as binary ticks in the modes ltp, quote and full, order updates as text. What the backup does not know of an instrument is 0.")
        .AsksNoAccount();

    internal static EndpointText Renew { get; } = new EndpointText(
        "renewSession", "Renew the token", "Gives a new token for one that still holds, until the session's own time is over.").AsksNoAccount().Gives<Session>();

    internal static EndpointText Resume { get; } = new EndpointText(
        "resumeSession", "Resume the page's session", "For the page after a reload: by the cookie that came with the login, which no script can read. Asked by another site's page it is refused.").AsksNoAccount()
        .Gives<Session>();

    internal static EndpointText LogOut { get; } = new EndpointText(
        "logOut", "Log out", "Ends the session: its cookie and its tokens open nothing any more, here at once and on every node within seconds. Orders stay as they are.").AsksNoAccount().Gives<bool>();

    internal static EndpointText Sessions { get; } = new EndpointText(
        "sessions", "Where the caller is logged in", "Every device and app, newest login first. `last_seen` is when it last asked for a token, which it does every few minutes.").AsksNoAccount()
        .Gives<IReadOnlyList<SessionView>>();

    internal static EndpointText EndSessions { get; } = new EndpointText(
        "endSessions", "Log out elsewhere", "Ends one session, by `session_id`, or all but the one that asks, by `others`. Their tokens are refused here at once and on every node within seconds, and their live "
        + "connections end.").AsksNoAccount().Gives<SessionsEnded>()
        .Example("All others", """{"others":true}""");

    internal static EndpointText Authenticator { get; } = new EndpointText(
        "authenticator", "The caller's authenticator app", "Whether there is one, and whether a login needs it.").AsksNoAccount().Gives<AuthenticatorView>();

    internal static EndpointText BeginAuthenticator { get; } = new EndpointText(
        "beginAuthenticator", "Add an authenticator app", "Gives a secret, this once, as text and as a QR code; it opens nothing until it is confirmed. Within ten minutes of a login only.").AsksNoAccount()
        .Gives<AuthenticatorBegun>();

    internal static EndpointText ConfirmAuthenticator { get; } = new EndpointText(
        "confirmAuthenticator", "Confirm the authenticator app", "With a code of it. From then on a login takes its code instead of the one that is sent; or beside it, with `second_factor`.").AsksNoAccount()
        .Gives<AuthenticatorView>();

    internal static EndpointText RemoveAuthenticator { get; } = new EndpointText(
        "removeAuthenticator", "Remove the authenticator app", "With a code of it. Without the app, the help desk removes it.").AsksNoAccount().Gives<AuthenticatorView>();

    internal static EndpointText Positions { get; } = new EndpointText(
        "positions", "All positions",
        "Kite's fields, then ours: what can be exited now (`closable_quantity`), what working orders reserve and which, what a rule of delivery holds back, and the "
        + "source and age of the price. Quantities are units, prices are rupees.").Gives<PositionsView>();

    internal static EndpointText Events { get; } = new EndpointText(
        "events", "What has happened since",
        "For who cannot hold the live stream: the message that it would send. `after` and `stream` are the `sequence` and `stream_id` of the last answer; without them, after a gap and on a new day it is a snapshot of "
        + "everything. A delta has every position and order that changed after that, and every order that still works; prices are in the positions.").Gives<PortfolioUpdate>();

    internal static EndpointText Convert { get; } = new EndpointText(
        "convertPosition", "Change a position's product", "Always refused, with the facts: it would change margin and not risk. It is here for Kite's clients.").Takes<ProductChange>();

    internal static EndpointText Orders { get; } = new EndpointText(
        "orders", "The day's orders",
        "Kite's fields, then ours. Orders that the main site entered are here too, once it or the exchange has told of them. An order without the exchange's answer has "
        + "the status `UNKNOWN`: it keeps its reservation and is never sent again.").Gives<IReadOnlyList<OrderView>>();

    internal static EndpointText Order { get; } = new EndpointText("order", "One order", "Its steps, as Kite has them: taken, confirmed by the exchange, and last the order as it is now.").Gives<IReadOnlyList<OrderView>>();

    internal static EndpointText Trades { get; } = new EndpointText(
        "trades", "An order's executions", "All of them, oldest first, with the exchange's trade numbers.").Gives<IReadOnlyList<Execution>>();

    internal static EndpointText Place { get; } = new EndpointText(
        "placeOrder", "Exit in Kite's words",
        "For clients that know Kite's form: an order that exits a position is taken as an exit of it. One that would open or enlarge a position is refused, and so is every other variety than regular. MARKET goes as a "
        + "limit with protection. Without an `Idempotency-Key` a request that is sent twice is two exits.").Takes<OrderFields>().Gives<PlacedExit>()
        .Example("One lot sold at the market",
            """{"exchange":"NFO","tradingsymbol":"NIFTY30DEC26000CE","product":"NRML","transaction_type":"SELL","quantity":75,"order_type":"MARKET"}""");

    internal static EndpointText Modify { get; } = new EndpointText(
        "modifyOrder", "Change an order",
        "Quantity, price and a stop's trigger; what is absent stays. An exit may grow within what is closable, an entry may only shrink. A yes means that the change is "
        + "written down and on its way; what the exchange makes of it is told by `GET /orders` and the hub.").Takes<OrderChangeFields>().Gives<OrderNamed>()
        .Example("Another price", """{"price":101.5}""")
        .Example("More units", """{"quantity":150}""");

    internal static EndpointText Cancel { get; } = new EndpointText(
        "cancelOrder", "Cancel an order",
        "Always taken while anything is left to cancel, also of orders that the main site entered. The cancel of a stop that protects a position is asked about first: "
        + "send it again with `confirm=leaves_unprotected`.").Gives<OrderNamed>();

    internal static EndpointText Exit { get; } = new EndpointText(
        "exit", "Exit positions",
        "One position (`exchange`, `tradingsymbol`, `product`), several (`positions`), those with something in common (`group`), or all of them (`all`). How much: `mode`. "
        + "What does not fit is refused, never trimmed. Shorts are bought back first, and what covers them follows in proportion to their fills. The same "
        + "`Idempotency-Key` again gets the same exit and never a second order.").Gives<ExitView>()
        .Example("One position, one lot", """{"exchange":"NFO","tradingsymbol":"NIFTY30DEC26000CE","product":"NRML","mode":"quantity","quantity":75}""")
        .Example("One position, half of it, at a limit of the client's own",
            """{"exchange":"NFO","tradingsymbol":"NIFTY30DEC26000CE","product":"NRML","mode":"percent","percent":50,"price":105.5}""")
        .Example("Several positions",
            """{"positions":[{"exchange":"NFO","tradingsymbol":"NIFTY30DEC26000CE","product":"NRML","quantity":75}],"mode":"quantity"}""")
        .Example("Everything of an underlying, what is in the way cancelled first", """{"group":{"underlying":"NIFTY"},"mode":"full","cancel_blocking":true}""")
        .Example("Everything, following the market within five percent", """{"all":true,"mode":"full","repricing":"automatic","move_max_percent":5}""");

    internal static EndpointText Preview { get; } = new EndpointText(
        "previewExit", "What an exit would do", "Nothing is done. One position is answered with its ticket or its refusal, anything else line by line.")
        .Gives<PreviewOfOne>().Gives<PreviewOfMany>()
        .Example("One position", """{"exchange":"NFO","tradingsymbol":"NIFTY30DEC26000CE","product":"NRML","mode":"full"}""")
        .Example("Everything", """{"all":true,"mode":"full"}""");

    internal static EndpointText Exits { get; } = new EndpointText("exits", "The day's exits", "Oldest first.").Gives<IReadOnlyList<ExitView>>();

    internal static EndpointText OneExit { get; } = new EndpointText(
        "exitById", "How far an exit is", "Line by line: what has traded, what works, what waits and for what, and a better price for what rests.").Gives<ExitView>();

    internal static EndpointText StopExit { get; } = new EndpointText(
        "stopExit", "Stop an exit", "Nothing more of it is released. Orders that work stay, unless `cancel_orders`.").Gives<ExitView>();

    internal static EndpointText ReleaseHedges { get; } = new EndpointText(
        "releaseHedges", "Let the hedges go", "What covers the exit's shorts is sold now, whatever has become of the shorts.").Gives<ExitView>();

    internal static EndpointText Status { get; } = new EndpointText(
        "status", "The system's state", "For every page: what the system says about itself, what an operator says of the main site, and each segment's link to the exchange.").AsksNoAccount().Gives<SystemStatus>();

    internal static EndpointText Health { get; } = new EndpointText("health", "A sign of life", "The word ok, for load balancers.").AsksNoAccount().AnswersIn("text/plain");

    internal static EndpointText Document { get; } = new EndpointText("document", "This document", "OpenAPI 3.1.").AsksNoAccount();
}
