using System.Diagnostics;

namespace Backup.Drills.Cluster;

/// <summary>Who has the shards, as the nodes themselves tell.</summary>
internal static class ShardWatch
{
    /// <summary>Returns when, as <paramref name="witness"/> sees it, every shard has an owner and none of them is <paramref name="loser"/>.</summary>
    /// <returns>How long that took.</returns>
    internal static async Task<TimeSpan> UntilTakenFromAsync(Member witness, Member loser, TimeSpan patience)
    {
        var clock = Stopwatch.StartNew();
        IReadOnlyDictionary<string, int> owners = new Dictionary<string, int>(StringComparer.Ordinal);
        await Eventually.HoldsAsync(
            $"the other nodes have every shard of {loser.Name}",
            patience,
            async () =>
            {
                owners = await witness.OwnersAsync();
                return !owners.ContainsKey("") && !owners.ContainsKey(loser.Name);
            },
            () => Task.FromResult(string.Join(", ", owners.Select(owner => $"{(owner.Key.Length == 0 ? "nobody" : owner.Key)} {owner.Value}"))));
        return clock.Elapsed;
    }

    /// <summary>A node that has shards, and by preference also a box of the exchange.</summary>
    internal static async Task<Member> ChooseAsync(Stack stack, SeededDice dice)
    {
        var members = (await stack.Members[0].ManageAsync("cluster/members")).AsArray();
        var withBox = members.Where(member => member!["boxes"]!.AsArray().Count > 0).Select(member => (string)member!["name"]!).ToArray();
        var name = withBox.Length > 0 && dice.Next(2) == 0 ? withBox[dice.Next(withBox.Length)] : stack.Members[dice.Next(stack.Members.Count)].Name;
        return stack.Members.Single(member => member.Name == name);
    }

    internal static Member OtherThan(Stack stack, Member member) => stack.Members.First(other => other != member);
}
