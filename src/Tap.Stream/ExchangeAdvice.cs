using Backup.Exchange.Wire;

namespace Backup.Tap.Stream;

/// <summary>An error of the login in words for the operator: what the exchange says, and what is to be done about it.</summary>
internal static class ExchangeAdvice
{
    /// <summary>For example <c>16053 password expired; change it …</c></summary>
    public static string Words(TapSessionOptions options, short error)
    {
        var said = $"{error} {ExchangeError.Describe(options.Segment, error)}";
        return Advice(options, error) is { } advice ? $"{said}; {advice}" : said;
    }

    private static string? Advice(TapSessionOptions options, short error)
    {
        var box = options.Segment == Segment.CapitalMarket ? "tap.cm" : "tap.fo";
        return error switch
        {
            ExchangeError.AlreadySignedOn => "another session of this user is open and must end first, which the exchange does by itself when it is silent",
            ExchangeError.PasswordExpired => $"set {box}.new-password and start again, and it is changed at the next sign-on",
            ExchangeError.NewPasswordInvalid => $"choose another {box}.new-password: not one of the last five",
            ExchangeError.VersionDiffers => $"this program says version {options.VersionNumber}",
            ExchangeError.UserDisabled => "have the exchange's member desk enable the user, then resume the session",
            ExchangeError.BoxInvalid => $"check {box}.box-id",
            ExchangeError.RouterBusy => "a session of this box is still open, here or on another machine; it must end first",
            ExchangeError.EncryptionMismatch => "the exchange has the box down for another encryption; ask the exchange, and see tap.router-ca-file",
            _ => null,
        };
    }
}
