/// The name of a screen; each screen's own file has its own.
package struct ScreenID: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }

    package var description: String { self.rawValue }
}

/// Those of `StorageScreens` that screens of this module go to.
extension ScreenID {
    package static let buckets = ScreenID(rawValue: "buckets")
    package static let database = ScreenID(rawValue: "database")
}
