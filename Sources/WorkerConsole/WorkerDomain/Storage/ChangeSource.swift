/// Tells that what is stored for a binding may have changed.
package protocol ChangeSource: Sendable {
    /// Begins to look; what changes from then on is told.
    /// - Returns: A watch that ends with its last owner; `nil` when changes cannot be watched here.
    func watch() -> (any ChangeWatch)?
}

/// Looks at one binding for as long as it lives.
package protocol ChangeWatch: AnyObject, Sendable {
    /// Waits until something may have changed since the call before, and in any case for `pause`.
    /// - Returns: False when the task was cancelled.
    func next(pause: Duration) async -> Bool
}
