/// The screens, in the order of the tab line; the raw value is the key that opens one.
package enum ScreenID: Int, Sendable, Hashable, CaseIterable {
    case overview = 1
    case traffic, buckets, backends, database, checks
}
