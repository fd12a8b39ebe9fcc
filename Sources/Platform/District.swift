package enum PlatformModule {}
