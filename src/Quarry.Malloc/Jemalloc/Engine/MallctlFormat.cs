namespace Quarry.Malloc;

/// <summary>How the value of a control is written in a report.</summary>
internal enum MallctlFormat
{
    /// <summary>Decimal digits.</summary>
    Number,

    /// <summary>Decimal digits, after a minus sign if the highest bit is set.</summary>
    Signed,

    /// <summary><c>true</c> or <c>false</c></summary>
    Boolean,

    /// <summary>The zero-terminated text at an address.</summary>
    Text,
}
