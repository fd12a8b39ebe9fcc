package enum AppealsModule {}
