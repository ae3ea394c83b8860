namespace WhopLicense
{
    /// <summary>What is wrong with the native library.</summary>
    public enum WhopLibraryFault
    {
        /// <summary>There is no such file where it is looked for.</summary>
        Missing = 1,

        /// <summary>The file is no library, or only the first part of one.</summary>
        Broken = 2,

        /// <summary>The file is built for another system or processor.</summary>
        OtherPlatform = 3,

        /// <summary>The file seems whole, and the system cannot load it; the inner exception may say why.</summary>
        NotLoadable = 4,

        /// <summary>The file has the name, and is another library.</summary>
        Foreign = 5,

        /// <summary>It is of a version that this assembly does not fit.</summary>
        OtherVersion = 6,
    }
}
