namespace Backup.Drills.Cluster;

/// <summary>What the nodes tell an operator about their database.</summary>
internal static class DatabaseTold
{
    /// <summary>Returns when the operator's terminal on one of the nodes says in words that something is wrong with the journal.</summary>
    /// <param name="about">A word that must be in it.</param>
    internal static async Task<string> UntilToldAsync(Stack stack, string about, TimeSpan patience)
    {
        var told = "";
        await Eventually.HoldsAsync(
            $"the operator is told about the {about}",
            patience,
            async () =>
            {
                foreach (var member in stack.Members)
                {
                    if ((string?)(await member.ManageAsync("cluster"))["nodes"]![0]!["journal_trouble"] is { } trouble && trouble.Contains(about, StringComparison.Ordinal))
                    {
                        told = trouble;
                        var (_, shown) = await stack.PbmOnAsync(member, "cluster", "show");
                        return shown.Contains(about, StringComparison.Ordinal);
                    }
                }

                return false;
            },
            () => Task.FromResult(told.Length == 0 ? "no word" : $"\"{told}\" in what the node says, and not in what pbm cluster show prints"));
        return told;
    }
}
