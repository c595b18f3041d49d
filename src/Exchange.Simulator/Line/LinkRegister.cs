using System.Security.Cryptography;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Ciphers;

namespace Backup.Exchange.Simulator.Line;

/// <summary>Who is connected, which box session is open, and which key opens one. Used under the floor's gate.</summary>
public sealed class LinkRegister
{
    private readonly List<MemberLink> _links = [];
    private readonly List<MemberLink> _ending = [];
    private readonly List<(Segment, int)> _left = [];
    private readonly Dictionary<Segment, (byte[] Session, LinkKeys Link)> _keys = [];

    public IReadOnlyList<MemberLink> All => _links;

    public void Add(MemberLink link) => _links.Add(link);

    /// <summary>The session ends now; the connection closes once everything said on it has left.</summary>
    public void End(MemberLink link)
    {
        _ending.Add(link);
        Remove(link);
    }

    /// <summary>Closes what was ended in this turn. Comes after the turn's messages have been put on the wire.</summary>
    public void CloseEnded()
    {
        _ending.ForEach(link => link.Finish());
        _ending.Clear();
    }

    /// <summary>The connection is gone: its session ends and its key with it.</summary>
    public void Remove(MemberLink link)
    {
        _links.Remove(link);
        if (link.IsBoxOn)
        {
            link.IsBoxOn = false;

            // Only its own: the router may already have given the next session a new one.
            if (_keys.TryGetValue(link.Segment, out var key) && key.Session == link.SessionKey)
            {
                _keys.Remove(link.Segment);
            }
        }

        _left.AddRange(link.Users.Select(user => (link.Segment, user)));
        link.Users.Clear();
    }

    /// <summary>Users whose connection has gone since this was asked last: to the exchange that is a log-off (N19).</summary>
    public IReadOnlyList<(Segment Segment, int User)> TakeLeft()
    {
        if (_left.Count == 0)
        {
            return [];
        }

        (Segment, int)[] left = [.. _left];
        _left.Clear();
        return left;
    }

    public MemberLink? BoxSession(Segment segment) => _links.Find(link => link.Segment == segment && link.IsBoxOn && !link.IsClosed);

    public MemberLink? ForUser(Segment segment, int userId) =>
        _links.Find(link => link.Segment == segment && link.Users.Contains(userId) && !link.IsClosed);

    /// <summary>A new session key; the one before is worth nothing from now on.</summary>
    public (byte[] Session, LinkKeys Link) IssueKey(Segment segment, LinkMode mode)
    {
        var link = mode switch
        {
            LinkMode.Existing => LinkKeys.Existing(RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(16)),
            LinkMode.New => LinkKeys.New(RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(8), 0, RandomNumberGenerator.GetBytes(12)),
            _ => LinkKeys.None,
        };
        return _keys[segment] = (RandomNumberGenerator.GetBytes(8), link);
    }

    /// <summary>What the router issued last for the box of this segment; null when a new question to it is due.</summary>
    public LinkKeys? IssuedLinkKeys(Segment segment) => _keys.TryGetValue(segment, out var issued) ? issued.Link : null;

    /// <summary>The box is on over this connection, under the key issued last.</summary>
    public void BoxOn(MemberLink link)
    {
        link.IsBoxOn = true;
        link.SessionKey = _keys.GetValueOrDefault(link.Segment).Session;
    }

    public bool IsKey(Segment segment, ReadOnlySpan<byte> key) =>
        _keys.TryGetValue(segment, out var issued) && CryptographicOperations.FixedTimeEquals(issued.Session, key);
}
