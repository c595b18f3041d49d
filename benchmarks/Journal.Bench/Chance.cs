namespace Backup.Journal.Bench;

/// <summary>Xorshift: the same accounts in the same order in every run, and next to no cost.</summary>
internal struct Chance(uint seed)
{
    private uint _state = unchecked((seed + 1) * 2654435761u);

    public int Next(int below)
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return (int)(_state % (uint)below);
    }
}
