"""The tests of Ext; the folders mirror bot/."""
