using System.ComponentModel.DataAnnotations;
using Backup.Actor.Kernel.Notices;

namespace Backup.Gateway.Api.Notices;

/// <summary>What an operator says of the main site. Who said it is not told to everybody.</summary>
/// <param name="State">backup: it is down. main_site_back: it is there again.</param>
/// <param name="MainSiteAddress">Where to go back to, https; null when it was not said.</param>
/// <param name="Text">The operator's own sentence; null for none.</param>
/// <param name="SetAt">When it was said.</param>
public sealed record ToldNotice([property: AllowedValues(ToldNotice.Backup, ToldNotice.MainSiteBack)] string State, string? MainSiteAddress, string? Text, DateTimeOffset SetAt)
{
    public const string Backup = "backup";
    public const string MainSiteBack = "main_site_back";

    /// <summary>For who reads no more than the sentence. The page has both in its own languages.</summary>
    internal static string Sentence(MainSiteNotice? notice) => notice?.State switch
    {
        MainSiteState.MainSiteBack => "The main site is back. Backup mode: exits and cancels only.",
        MainSiteState.Backup or null => "Backup mode: exits and cancels only.",
    };

    public static string NameOf(MainSiteState state) => state switch
    {
        MainSiteState.Backup => Backup,
        MainSiteState.MainSiteBack => MainSiteBack,
    };

    internal static ToldNotice? Of(MainSiteNotice? notice) => notice is null ? null : new ToldNotice(NameOf(notice.State), notice.Address, notice.Text, notice.SetAt);
}
