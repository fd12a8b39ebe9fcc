extension Visit {
    /// The address of one of our own files, for a page that needs a sheet or a script of its own.
    package func assetPath(_ name: String) -> String { site.assets.path(name) }
}
