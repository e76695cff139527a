/// Why what a person expects of a binding may not be what is shown.
package enum StoreFinding: Sendable, Hashable {
    /// `remote = true`: development uses the resource at Cloudflare, which is not read here.
    case remote
    /// What is shown was stored under another name than the one that wrangler uses now, so that it would start empty.
    case oldName(stored: String, current: String)
    /// Nothing is stored under the binding's names; there is data of a resource that no binding here names.
    case otherName(String)
    /// The same, and its name cannot be told: only the path of its database is known.
    case otherFile(String)
    /// A folder of a layout that is not read here.
    case otherLayout(String)
    /// The state of `wrangler dev --persist-to`: the value that `path` of the binding needs.
    case elsewhere(String)
}
